/** Envoy's resources, one by one. */
@NullMarked
package io.sluice.rendering.envoy;

import org.jspecify.annotations.NullMarked;
