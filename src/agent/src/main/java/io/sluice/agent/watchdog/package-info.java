/** What returns a host to its former state when the agent dies in the middle of a change. */
@NullMarked
package io.sluice.agent.watchdog;

import org.jspecify.annotations.NullMarked;
