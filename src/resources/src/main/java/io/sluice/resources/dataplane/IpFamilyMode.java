package io.sluice.resources.dataplane;

import io.sluice.resources.shape.Spelled;

/** The address families that are redirected. */
public enum IpFamilyMode {
  @Spelled("DualStack")
  DUAL_STACK,
  @Spelled("IPv4")
  IPV4
}
