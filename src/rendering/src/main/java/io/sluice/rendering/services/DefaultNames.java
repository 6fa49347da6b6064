package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.net.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/** The names that every service has: in the domain {@code mesh}, on port 80, as in Kuma. */
final class DefaultNames {

  private static final String DOMAIN = "." + Catalogue.DOMAIN;
  private static final int PORT = 80;

  private DefaultNames() {}

  /** The service's name, and with dots for underscores. */
  static List<Verdict> of(SortedMap<String, String> tags) {
    String service = tags.getOrDefault(Inbound.SERVICE_TAG, "");
    List<Verdict> names = new ArrayList<>(2);
    boolean lower = service.equals(HostName.inLowerCase(service));
    names.add(named(service, service, lower ? Origin.Spelling.EXACT : Origin.Spelling.LOWERED));
    if (service.indexOf('_') >= 0) {
      names.add(named(service, service.replace('_', '.'), Origin.Spelling.DOTTED));
    }
    return names;
  }

  private static Verdict named(String service, String as, Origin.Spelling spelling) {
    Origin origin = new Origin.DefaultName(service, spelling);
    String host = HostName.inLowerCase(as + DOMAIN);
    if (!HostName.isAnswerable(host)) {
      return new Verdict.Nameless(origin, "\"" + host + "\" is no DNS name");
    }
    return new Verdict.Named(
        new Claim(host, PORT, TreePMap.singleton(Inbound.SERVICE_TAG, service), origin));
  }
}
