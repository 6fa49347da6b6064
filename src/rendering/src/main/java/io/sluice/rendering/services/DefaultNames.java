package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Inbound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.pcollections.TreePMap;

/** The names that every service has: in the domain {@code mesh}, on port 80, as in Kuma. */
final class DefaultNames {

  private static final String DOMAIN = ".mesh";
  private static final int PORT = 80;
  private static final int LONGEST = 253;

  /** Names that the agent's resolver takes (docs/bundle.md). */
  private static final Pattern HOST =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  private DefaultNames() {}

  /** The service's name, and with dots for underscores. */
  static List<Verdict> of(SortedMap<String, String> tags) {
    String service = tags.getOrDefault(Inbound.SERVICE_TAG, "");
    List<Verdict> names = new ArrayList<>(2);
    names.add(named(service, service));
    if (service.indexOf('_') >= 0) {
      names.add(named(service, service.replace('_', '.')));
    }
    return names;
  }

  private static Verdict named(String service, String as) {
    Origin origin = new Origin.DefaultName(service);
    String host = (as + DOMAIN).toLowerCase(Locale.ROOT);
    if (!isHost(host)) {
      return new Verdict.Nameless(origin, "\"" + host + "\" is no DNS name");
    }
    return new Verdict.Named(
        new Claim(host, PORT, TreePMap.singleton(Inbound.SERVICE_TAG, service), origin));
  }

  /** Whether a text in lower case can be a name that is answered. */
  static boolean isHost(String text) {
    return text.length() <= LONGEST && HOST.matcher(text).matches();
  }
}
