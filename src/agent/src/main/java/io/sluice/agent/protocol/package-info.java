/**
 * The way to the control plane: TLS with a pinned authority and the requests of
 * docs/agent-protocol.md.
 */
@NullMarked
package io.sluice.agent.protocol;

import org.jspecify.annotations.NullMarked;
