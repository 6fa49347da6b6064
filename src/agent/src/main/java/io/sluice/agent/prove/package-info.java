/** The proof that a switch has left the host working. */
@NullMarked
package io.sluice.agent.prove;

import org.jspecify.annotations.NullMarked;
