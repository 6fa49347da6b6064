/** The daemon on each host. */
@NullMarked
package io.sluice.agent;

import org.jspecify.annotations.NullMarked;
