/**
 * What the control plane and the agents found out and rendering needs: which inbounds answer, which
 * hosts are heard, which addresses names have. Operators can't write any of it; it is stored and
 * remembered as resources are, so that every replica renders from the same.
 */
@NullMarked
package io.sluice.resources.discovery;

import org.jspecify.annotations.NullMarked;
