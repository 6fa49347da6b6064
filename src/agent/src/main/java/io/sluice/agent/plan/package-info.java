/** What a bundle would change on this host, without changing it. */
@NullMarked
package io.sluice.agent.plan;

import org.jspecify.annotations.NullMarked;
