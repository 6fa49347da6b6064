/** Load on an HTTP server from a few connections that stay open. */
@NullMarked
package io.sluice.benchmarks.load;

import org.jspecify.annotations.NullMarked;
