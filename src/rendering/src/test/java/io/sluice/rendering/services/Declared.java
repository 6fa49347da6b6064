package io.sluice.rendering.services;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resources as tests of the catalogue declare them. */
final class Declared {

  private Declared() {}

  /** A dataplane at an address with one inbound on port 8080 that carries the tags. */
  static Dataplane dataplane(String name, String address, String... tags) {
    return written(
        name, "address: " + address + ", inbound: [{port: 8080, tags: " + flow(tags) + "}]");
  }

  /** A dataplane at 10.0.0.1 whose inbound on port 80 offers {@code backend}, with these fields. */
  static Dataplane backend(String name, String fields) {
    return written(
        name,
        "address: 10.0.0.1, inbound: [{port: 80, tags: {kuma.io/service: backend}, "
            + fields
            + "}]");
  }

  /** A dataplane with these fields of its networking. */
  static Dataplane written(String name, String networking) {
    return (Dataplane)
        read(
            "{type: Dataplane, mesh: default, name: "
                + name
                + ", networking: {transparentProxying:"
                + " {redirectPortInbound: 15006, redirectPortOutbound: 15001}, "
                + networking
                + "}}");
  }

  /** A VirtualOutbound with these selectors, and parameters {@code name=tagKey} beside service. */
  static VirtualOutbound outbound(
      String name, String selectors, String host, String port, String... parameters) {
    String further =
        Stream.of(parameters)
            .map(each -> each.split("=", -1))
            .map(each -> ", {name: " + each[0] + ", tagKey: " + each[1] + "}")
            .collect(Collectors.joining());
    return (VirtualOutbound)
        read(
            "{type: VirtualOutbound, mesh: default, name: "
                + name
                + ", selectors: ["
                + selectors
                + "], conf: {host: \""
                + host
                + "\", port: \""
                + port
                + "\", parameters: [{name: service, tagKey: kuma.io/service}"
                + further
                + "]}}");
  }

  private static String flow(String... tags) {
    return tags(tags).entrySet().stream()
        .map(tag -> tag.getKey() + ": \"" + tag.getValue() + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Tags of a service, each further one as {@code name=value}. */
  static SortedMap<String, String> tags(String... serviceAndOthers) {
    SortedMap<String, String> tags = new TreeMap<>();
    for (String each : serviceAndOthers) {
      int equals = each.indexOf('=');
      tags.put(
          equals < 0 ? Inbound.SERVICE_TAG : each.substring(0, equals), each.substring(equals + 1));
    }
    return tags;
  }

  static DataplaneHealth health(String dataplane, String listener, boolean answers) {
    SortedMap<String, Boolean> inbounds = new TreeMap<>();
    inbounds.put(listener, answers);
    return new DataplaneHealth("default", dataplane, inbounds);
  }

  static DataplanePresence presence(String dataplane, State state) {
    return new DataplanePresence("default", dataplane, state);
  }

  static ResolvedAddress resolved(String name, String address) {
    return new ResolvedAddress("default", name, ip(address));
  }

  /** Virtual addresses that end in this number. */
  static VirtualAddress address(String host, int number) {
    return new VirtualAddress(
        "default", host, ip("240.0.0." + number), ip("fd00:1::" + number), null);
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  static Resource read(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
