/** Notices that somebody else changed our rules, and puts them back or says so. */
@NullMarked
package io.sluice.agent.drift;

import org.jspecify.annotations.NullMarked;
