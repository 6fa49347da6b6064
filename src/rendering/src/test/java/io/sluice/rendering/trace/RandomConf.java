package io.sluice.rendering.trace;

import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.InterfaceAddress;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Any MeshTransparentProxy, with every field in play, and any host that suits the laboratory. */
final class RandomConf {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<Object> PORTS =
      List.of(22, 53, 80, 443, 5000, 8080, "8080-8081", 9000, "15000-15100");
  private static final List<Object> NETWORKS =
      List.of(
          "10.77.0.9",
          "10.88.0.0/24",
          "172.30.0.0/24",
          "10.77.0.2/32",
          "fd77::9",
          "fd88::/64",
          "fd30::/64",
          "0.0.0.0/0");
  private static final List<Object> USERS =
      List.of("5001", "tcp:8080:5002", "udp:53:5001-5003", "*:80,443:5002", "53:5003", "tcp::0");
  private static final List<Object> VIRTUAL_NETWORKS =
      List.of("docker0:172.30.0.0/24", "docker0:fd30::/64", "docker+:172.30.0.0/16");

  private final Random random;

  RandomConf(Random random) {
    this.random = random;
  }

  MeshTransparentProxy policy() {
    Map<String, Object> conf = new LinkedHashMap<>();
    conf.put("mode", random.nextInt(10) == 0 ? "ebpf" : "iptables");
    maybe(conf, "ipFamilyMode", 30, () -> one(List.of("dualstack", "ipv4")));
    maybe(conf, "proxyUser", 40, () -> one(List.of("sluice-proxy", "64001")));
    maybe(conf, "dropInvalidPackets", 60, random::nextBoolean);
    maybe(
        conf, "log", 40, () -> Map.of("enabled", random.nextBoolean(), "level", random.nextInt(8)));
    maybe(conf, "comments", 30, () -> Map.of("disabled", random.nextBoolean()));
    maybe(conf, "onProxyFailure", 20, () -> one(List.of("open", "closed")));
    maybe(conf, "drift", 20, () -> one(List.of("repair", "report")));
    Map<String, Object> redirect = new LinkedHashMap<>();
    maybe(redirect, "inbound", 85, this::inbound);
    maybe(redirect, "outbound", 85, this::outbound);
    maybe(redirect, "dns", 85, this::dns);
    maybe(redirect, "vnet", 60, () -> Map.of("networks", some(VIRTUAL_NETWORKS)));
    conf.put("redirect", redirect);
    Map<String, Object> document =
        Map.of(
            "type",
            MeshTransparentProxy.TYPE,
            "mesh",
            "default",
            "name",
            "random",
            "spec",
            Map.of("targetRef", Map.of("kind", "Mesh"), "default", conf));
    byte[] text = JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    return (MeshTransparentProxy)
        ResourceReader.read(DocumentReader.read(text, Format.JSON)).resource();
  }

  HostFacts facts() {
    return new HostFacts(
        "default",
        "web-01",
        HostFacts.Backend.NF_TABLES,
        List.of(HostFacts.Backend.NF_TABLES),
        random.nextInt(10) > 0,
        one(List.of(List.of(), List.of(2222), List.of(22, 2222))),
        one(
            List.of(
                List.of(ip("10.77.0.9"), ip("fd77::9")),
                List.of(ip("10.88.0.9")),
                List.of(ip("127.0.0.53"), ip("fd77::9")))),
        random.nextInt(8) == 0 ? null : "dnsmasq 2.90",
        List.of("docker0", "eth0", "lo"),
        Lab.ADDRESSES.getOrDefault("host", List.of()).stream()
            .map(address -> address + (address.contains(":") ? "/64" : "/24"))
            .map(address -> InterfaceAddress.parse(address).orElseThrow())
            .toList(),
        List.of(),
        0);
  }

  private Map<String, Object> inbound() {
    Map<String, Object> inbound = new LinkedHashMap<>();
    capture(inbound, 15006, 16006);
    maybe(
        inbound,
        "protectedPorts",
        40,
        () -> one(List.of(List.of(), List.of(22, 2222), List.of("8080-8081"))));
    return inbound;
  }

  private Map<String, Object> outbound() {
    Map<String, Object> outbound = new LinkedHashMap<>();
    capture(outbound, 15001, 16001);
    maybe(outbound, "excludePortsForUIDs", 50, () -> some(USERS));
    return outbound;
  }

  /** What both directions have. */
  private void capture(Map<String, Object> direction, int usualPort, int otherPort) {
    maybe(direction, "enabled", 40, () -> random.nextInt(4) > 0);
    maybe(direction, "port", 50, () -> one(List.of(usualPort, otherPort)));
    maybe(direction, "includePorts", 25, () -> some(PORTS));
    maybe(direction, "excludePorts", 60, () -> some(PORTS));
    maybe(direction, "excludePortsForIPs", 40, () -> some(NETWORKS));
    maybe(direction, "insertRedirectInsteadOfAppend", 30, random::nextBoolean);
  }

  private Map<String, Object> dns() {
    Map<String, Object> dns = new LinkedHashMap<>();
    maybe(dns, "enabled", 50, () -> random.nextInt(4) > 0);
    maybe(dns, "port", 50, () -> one(List.of(15053, 16053)));
    maybe(dns, "captureAll", 40, random::nextBoolean);
    maybe(dns, "skipConntrackZoneSplit", 50, random::nextBoolean);
    maybe(dns, "resolvConfigPath", 20, () -> "/etc/resolv.conf");
    return dns;
  }

  private void maybe(
      Map<String, Object> fields, String field, int percent, Supplier<@Nullable Object> value) {
    if (random.nextInt(100) < percent) {
      fields.put(field, value.get());
    }
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private List<Object> some(List<Object> of) {
    List<Object> shuffled = new ArrayList<>(of);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, random.nextInt(4));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
