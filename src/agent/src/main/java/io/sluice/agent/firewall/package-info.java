/**
 * The redirection: rules parsed, compared with the kernel's and switched in one transaction a
 * table. {@link io.sluice.agent.firewall.Firewall} is asked by the rest of the agent, and plans
 * what a {@link io.sluice.agent.firewall.RuleSwitch} does and undoes.
 */
@NullMarked
package io.sluice.agent.firewall;

import org.jspecify.annotations.NullMarked;
