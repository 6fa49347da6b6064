/** What operators describe, as immutable records that follow Kuma 2.9 Universal. */
@NullMarked
package io.sluice.resources;

import org.jspecify.annotations.NullMarked;
