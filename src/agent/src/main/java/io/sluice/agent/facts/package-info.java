/** What rendering must know of a host, read without disturbing it. */
@NullMarked
package io.sluice.agent.facts;

import org.jspecify.annotations.NullMarked;
