/** The proxy: its process, its live folder and its admin socket. */
@NullMarked
package io.sluice.agent.envoy;

import org.jspecify.annotations.NullMarked;
