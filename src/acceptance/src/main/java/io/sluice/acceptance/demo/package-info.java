/** {@code ./sluice demo}: the whole way of the data on one machine. */
@NullMarked
package io.sluice.acceptance.demo;

import org.jspecify.annotations.NullMarked;
