package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Digest;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.net.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * What a listener or a cluster is called.
 *
 * @param name in Envoy, in the spelling of Kuma
 * @param id in file names; two names never have the same id
 */
record ResourceName(String name, String id) {

  /** Where connections end that must not go anywhere: a cluster without endpoints. */
  static final ResourceName BLACKHOLE = new ResourceName("sluice:blackhole", "sluice-blackhole");

  /** Envoy's own admin socket, of which one path can be shown. */
  static final ResourceName ADMIN = new ResourceName("sluice:admin", "sluice-admin");

  /** Wherever a connection goes that has its own listener for direct access, as in Kuma. */
  static final ResourceName DIRECT = new ResourceName("direct_access", "direct-access");

  /** The names of our own resources, and the form of a name that got a digest. */
  private static final Pattern TAKEN =
      Pattern.compile("(inbound|outbound|sluice):.*|direct_access|.*-[0-9a-f]{16}");

  private static final int LONGEST_READABLE_PART = 60;

  /** An inbound's listener and cluster. */
  static ResourceName inbound(HostPort listener) {
    return ofAddress("inbound", listener);
  }

  /** An outbound's listener. */
  static ResourceName outbound(HostPort listener) {
    return ofAddress("outbound", listener);
  }

  /** The listener that passes on what goes to another dataplane's own address. */
  static ResourceName direct(HostPort listener) {
    ResourceName address = ofAddress("direct-access", listener);
    return new ResourceName("direct_access_" + listener, address.id());
  }

  /** The listener that takes what no inbound's listener does, and its cluster. */
  static ResourceName inboundPassthrough(IpFamily family) {
    return passthrough("inbound", family);
  }

  /** The listener that takes what no outbound's listener does, and its cluster. */
  static ResourceName outboundPassthrough(IpFamily family) {
    return passthrough("outbound", family);
  }

  /** The listener that answers the agent's probe. */
  static ResourceName probe(IpFamily family) {
    String ip = family == IpFamily.V4 ? "ipv4" : "ipv6";
    return new ResourceName("sluice:probe:" + ip, "sluice-probe-" + ip);
  }

  /**
   * The cluster of all endpoints with these tags: the service's name, followed by a digest of the
   * tags when there are others, as in Kuma; also when the name is one that could be another
   * cluster's.
   */
  static ResourceName service(SortedMap<String, String> tags) {
    String service = tags.getOrDefault(Inbound.SERVICE_TAG, "");
    boolean plain = tags.size() == 1 && !TAKEN.matcher(service).matches();
    String name = plain ? service : service + "-" + digest(tags.toString());
    String readable = service.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    return new ResourceName(
        name,
        "service-%s-%s"
            .formatted(
                readable.substring(0, Math.min(readable.length(), LONGEST_READABLE_PART)),
                digest(name)));
  }

  /**
   * The listener of that name on another port than the usual one. It is called otherwise, so that
   * Envoy has both while a host changes from one port to the other.
   */
  ResourceName onPort(int port, int usual) {
    return port == usual ? this : new ResourceName(name + ":" + port, id + "-" + port);
  }

  /** The file in the folder of its kind. */
  String file() {
    return id + ".json";
  }

  /** As it stands in the names of statistics, which take no colons. */
  String stat() {
    return name.replaceAll("[^a-zA-Z0-9]", "_");
  }

  private static ResourceName ofAddress(String direction, HostPort listener) {
    // No address has a hyphen, so the last one divides it from the port.
    String id = "%s-%s-%d".formatted(direction, listener.address(), listener.port());
    return new ResourceName(direction + ":" + listener, id.replace(':', '-'));
  }

  private static ResourceName passthrough(String direction, IpFamily family) {
    String ip = family == IpFamily.V4 ? "ipv4" : "ipv6";
    return new ResourceName(direction + ":passthrough:" + ip, direction + "-passthrough-" + ip);
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }
}
