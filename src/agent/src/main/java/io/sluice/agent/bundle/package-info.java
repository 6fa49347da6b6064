/**
 * What the control plane wants of this host: trees of small files, checked before anything believes
 * them.
 */
@NullMarked
package io.sluice.agent.bundle;

import org.jspecify.annotations.NullMarked;
