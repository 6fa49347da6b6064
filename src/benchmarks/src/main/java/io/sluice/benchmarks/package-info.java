/** Measures the product; timings are never tests. */
@NullMarked
package io.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
