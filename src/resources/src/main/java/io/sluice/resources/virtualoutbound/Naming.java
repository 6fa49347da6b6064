package io.sluice.resources.virtualoutbound;

import io.sluice.resources.net.HostName;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Parameter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a VirtualOutbound calls inbounds: its templates, read once. */
public final class Naming {

  private static final int HIGHEST_PORT = 65535;

  private final VirtualOutbound of;
  private final Template host;
  private final Template port;

  private Naming(VirtualOutbound of, Template host, Template port) {
    this.of = of;
    this.host = host;
    this.port = port;
  }

  /** What an inbound is called, or why it is not. */
  public sealed interface Result {

    /**
     * A name and port by which it is reached.
     *
     * @param host in lower case, without a dot at its end
     * @param tags what endpoints must carry: the inbound's values of all parameters' tags
     */
    record Named(String host, int port, SortedMap<String, String> tags) implements Result {}

    /** It gets no name; the reason is a clause such as {@code the inbound has no tag "version"}. */
    record Nameless(String reason) implements Result {}
  }

  /** Reads the templates of a resource. */
  public static Naming of(VirtualOutbound outbound) throws Template.Malformed {
    return new Naming(
        outbound, Template.parse(outbound.conf().host()), Template.parse(outbound.conf().port()));
  }

  /** What an inbound with these tags is called, as if it were selected. */
  public Result name(SortedMap<String, String> tags) {
    Map<String, String> values = new HashMap<>();
    SortedMap<String, String> target = new TreeMap<>();
    for (Parameter parameter : of.conf().parameters()) {
      String value = tags.get(parameter.tag());
      if (value != null) {
        values.put(parameter.name(), value);
        target.put(parameter.tag(), value);
      } else if (isPrinted(parameter)) {
        return new Result.Nameless("the inbound has no tag \"" + parameter.tag() + "\"");
      }
    }
    String name = canonical(host.fill(values));
    if (!HostName.isAnswerable(name)) {
      return new Result.Nameless("\"" + name + "\" is no DNS name");
    }
    String number = port.fill(values);
    return port(number)
        .<Result>map(each -> new Result.Named(name, each, target))
        .orElseGet(() -> new Result.Nameless("\"" + number + "\" is no port; one is 1 to 65535"));
  }

  private boolean isPrinted(Parameter parameter) {
    return host.parameters().contains(parameter.name())
        || port.parameters().contains(parameter.name());
  }

  static String canonical(String host) {
    return HostName.inLowerCase(host);
  }

  static Optional<Integer> port(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return port >= 1 && port <= HIGHEST_PORT ? Optional.of(port) : Optional.empty();
  }
}
