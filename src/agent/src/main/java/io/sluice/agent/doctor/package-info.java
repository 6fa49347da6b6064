/** Looks for what keeps a host from being redirected as it should, and says what to do about it. */
@NullMarked
package io.sluice.agent.doctor;

import org.jspecify.annotations.NullMarked;
