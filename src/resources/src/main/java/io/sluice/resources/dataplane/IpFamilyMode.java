package io.sluice.resources.dataplane;

import io.sluice.resources.shape.Spelled;

/** The address families that are redirected. Kuma's {@code UnSpecified} means the same as both. */
public enum IpFamilyMode {
  @Spelled({"DualStack", "UnSpecified"})
  DUAL_STACK,
  @Spelled("IPv4")
  IPV4
}
