/** JMH benchmarks of the steps that an edit goes through. */
@NullMarked
package io.sluice.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
