package io.sluice.rendering.iptables;

/** Paths of settings, as operators write them, for rules that settings cause. */
final class Settings {

  static final String PROXY_USER = "proxyUser";
  static final String DROP_INVALID = "dropInvalidPackets";
  static final String LOG = "log.enabled";
  static final String INBOUND = "redirect.inbound.enabled";
  static final String INBOUND_PORT = "redirect.inbound.port";
  static final String PROTECTED_PORTS = "redirect.inbound.protectedPorts";
  static final String EXCLUDED_CLIENTS = "redirect.inbound.excludePortsForIPs";
  static final String INBOUND_INCLUDE = "redirect.inbound.includePorts";
  static final String INBOUND_EXCLUDE = "redirect.inbound.excludePorts";
  static final String OUTBOUND = "redirect.outbound.enabled";
  static final String OUTBOUND_PORT = "redirect.outbound.port";
  static final String EXCLUDED_SERVERS = "redirect.outbound.excludePortsForIPs";
  static final String EXCLUDED_USERS = "redirect.outbound.excludePortsForUIDs";
  static final String OUTBOUND_INCLUDE = "redirect.outbound.includePorts";
  static final String OUTBOUND_EXCLUDE = "redirect.outbound.excludePorts";
  static final String DNS = "redirect.dns.enabled";
  static final String DNS_PORT = "redirect.dns.port";
  static final String DNS_CAPTURE_ALL = "redirect.dns.captureAll";
  static final String DNS_ZONES = "redirect.dns.skipConntrackZoneSplit";
  static final String NETWORKS = "redirect.vnet.networks";

  private Settings() {}
}
