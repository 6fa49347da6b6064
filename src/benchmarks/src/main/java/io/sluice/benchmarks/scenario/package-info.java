/** One class for each way to measure. */
@NullMarked
package io.sluice.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
