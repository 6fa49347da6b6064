/**
 * What has to be found out for dataplanes to find each other: who is there, which addresses their
 * names have, and under which addresses services are reached.
 */
@NullMarked
package io.sluice.controlplane.discovery;

import org.jspecify.annotations.NullMarked;
