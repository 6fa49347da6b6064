/** What each host should run, what it has acknowledged and how it is. */
@NullMarked
package io.sluice.controlplane.fleet;

import org.jspecify.annotations.NullMarked;
