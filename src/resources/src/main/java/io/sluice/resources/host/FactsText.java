package io.sluice.resources.host;

import io.sluice.resources.document.Shown;
import io.sluice.resources.host.HostFacts.Backend;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Path;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The form in which agents send what they found: lines of {@code key=value} in the order of the
 * keys, as docs/agent-protocol.md has it.
 */
public final class FactsText {

  /** The longest text, in bytes. */
  public static final int LIMIT = 64 * 1024;

  private static final int LONGEST_LIST = 1000;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.@:+-]{1,64}");
  private static final Pattern VERSION = Pattern.compile("[ -~]{1,128}");
  private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

  private final SortedMap<String, String> values = new TreeMap<>();
  private final Findings findings = new Findings();

  private FactsText() {}

  /**
   * The facts of a text.
   *
   * @param mesh the mesh of the dataplane whose host it is
   * @param name the dataplane
   * @throws InvalidResource with every key that is wrong
   */
  public static HostFacts parse(String text, String mesh, String name) {
    return new FactsText().read(text, mesh, name);
  }

  private HostFacts read(String text, String mesh, String name) {
    lines(text);
    if (!"1".equals(values.remove("format"))) {
      findings.violation(new Path("format"), "must be 1");
    }
    HostFacts facts =
        new HostFacts(
            mesh,
            name,
            one("backend", "nf_tables or legacy", FactsText::backend).orElse(Backend.NF_TABLES),
            list("backends.populated", "nf_tables or legacy", FactsText::backend),
            one("ipv6", "true or false", FactsText::flag).orElse(false),
            list("sshd.ports", "a port from 1 to 65535", FactsText::port),
            list("dns.servers", "an IP address", IpAddress::parse),
            values.containsKey("resolver")
                ? one("resolver", "a name and version of at most 128 characters", matching(VERSION))
                    .orElse(null)
                : null,
            list("interfaces", "the name of an interface", matching(WORD)),
            list(
                "addresses",
                "an address and its prefix, such as 10.0.0.5/24",
                InterfaceAddress::parse),
            list("foreign", "a name of at most 64 letters and digits", matching(WORD)),
            one("foreign.rules", "a number of at most 9 digits", FactsText::count).orElse(0),
            sha256(text));
    values.keySet().forEach(key -> findings.violation(new Path(key), "unknown key"));
    if (!findings.violations().isEmpty()) {
      throw new InvalidResource(findings.violations());
    }
    return facts;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void lines(String text) {
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String key = line.substring(0, equals);
        if (values.put(key, line.substring(equals + 1)) != null) {
          findings.violation(new Path(key), "stands here twice");
        }
      } else if (!line.isEmpty()) {
        findings.violation(Path.ROOT, "must be lines of key=value; one is " + Shown.of(line));
      }
    }
  }

  private <T> Optional<T> one(String key, String form, Function<String, Optional<T>> parse) {
    String value = values.remove(key);
    Optional<T> result = value == null ? Optional.empty() : parse.apply(value);
    if (result.isEmpty()) {
      findings.violation(
          new Path(key),
          "must be " + form + (value == null ? "; it is absent" : ", not " + Shown.of(value)));
    }
    return result;
  }

  private <T> List<T> list(String key, String form, Function<String, Optional<T>> parse) {
    String value = values.remove(key);
    List<T> items = new ArrayList<>();
    if (value == null) {
      findings.violation(new Path(key), "must be given; without any it is empty");
      return items;
    }
    List<String> parts = value.isEmpty() ? List.of() : Arrays.asList(value.split(",", -1));
    if (parts.size() > LONGEST_LIST) {
      findings.violation(
          new Path(key), "must have at most " + LONGEST_LIST + " items; it has " + parts.size());
      return items;
    }
    for (String part : parts) {
      Optional<T> item = parse.apply(part);
      if (item.isPresent()) {
        items.add(item.get());
      } else {
        findings.violation(new Path(key), "must be " + form + ", not " + Shown.of(part));
      }
    }
    return items;
  }

  private static Function<String, Optional<String>> matching(Pattern pattern) {
    return text -> Optional.of(text).filter(each -> pattern.matcher(each).matches());
  }

  private static Optional<Backend> backend(String text) {
    return Arrays.stream(Backend.values())
        .filter(backend -> backend.text().equals(text))
        .findFirst();
  }

  private static Optional<Boolean> flag(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> port(String text) {
    return Optional.of(text)
        .filter(each -> PORT.matcher(each).matches())
        .map(Integer::valueOf)
        .filter(port -> port <= 65535);
  }

  private static Optional<Integer> count(String text) {
    return Optional.of(text).filter(each -> COUNT.matcher(each).matches()).map(Integer::valueOf);
  }
}
