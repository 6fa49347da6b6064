package io.sluice.rendering.golden;

import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.InterfaceAddress;
import io.sluice.resources.net.IpAddress;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/** Facts about a host, of which only those are given that rendering asks for. */
final class Facts {

  private Facts() {}

  static HostFacts parse(String text) {
    Properties facts = new Properties();
    try {
      facts.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HostFacts(
        "default",
        "web-01",
        HostFacts.Backend.NF_TABLES,
        List.of(),
        Boolean.parseBoolean(facts.getProperty("ipv6")),
        list(facts, "sshd.ports", Integer::valueOf),
        list(facts, "dns.servers", address -> required(IpAddress.parse(address))),
        facts.getProperty("resolver"),
        List.of(),
        list(facts, "addresses", address -> required(InterfaceAddress.parse(address))),
        List.of(),
        0);
  }

  private static <T> List<T> list(Properties facts, String key, Function<String, T> parse) {
    return Arrays.stream(facts.getProperty(key, "").split(",", -1))
        .filter(part -> !part.isEmpty())
        .map(parse)
        .toList();
  }

  private static <T> T required(Optional<T> value) {
    return value.orElseThrow();
  }
}
