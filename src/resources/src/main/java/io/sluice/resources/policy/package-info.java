/** Policies: resources that say something about the dataplanes that they select. */
@NullMarked
package io.sluice.resources.policy;

import org.jspecify.annotations.NullMarked;
