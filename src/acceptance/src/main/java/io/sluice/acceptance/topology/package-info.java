/** Hosts as network namespaces on one bridge, and what a run leaves behind when it is killed. */
@NullMarked
package io.sluice.acceptance.topology;

import org.jspecify.annotations.NullMarked;
