/** The programs that are measured or measured against, each a process of its own. */
@NullMarked
package io.sluice.benchmarks.running;

import org.jspecify.annotations.NullMarked;
