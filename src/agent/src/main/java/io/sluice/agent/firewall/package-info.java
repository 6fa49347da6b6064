/**
 * The redirection: rules parsed, compared with the kernel's and switched in one transaction a
 * table.
 */
@NullMarked
package io.sluice.agent.firewall;

import org.jspecify.annotations.NullMarked;
