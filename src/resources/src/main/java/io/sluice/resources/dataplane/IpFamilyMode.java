package io.sluice.resources.dataplane;

/** The address families that are redirected. Kuma's {@code UnSpecified} means the same as both. */
public enum IpFamilyMode {
  DUAL_STACK,
  IPV4
}
