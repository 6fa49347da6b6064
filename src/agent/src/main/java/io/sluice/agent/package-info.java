/**
 * The daemon on each host. {@link io.sluice.agent.Agent} polls and reports, {@link
 * io.sluice.agent.Host} is what bundles change, and {@link io.sluice.agent.Switchover} the way from
 * one bundle to another.
 */
@NullMarked
package io.sluice.agent;

import org.jspecify.annotations.NullMarked;
