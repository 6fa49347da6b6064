/** Envoy's listeners, clusters and endpoints as typed messages, and their JSON. */
@NullMarked
package io.sluice.rendering.envoy;

import org.jspecify.annotations.NullMarked;
