/** Whether the applications of this host take connections. */
@NullMarked
package io.sluice.agent.probe;

import org.jspecify.annotations.NullMarked;
