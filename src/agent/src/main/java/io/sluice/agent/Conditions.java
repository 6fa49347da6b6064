package io.sluice.agent;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.BoundPorts;
import io.sluice.agent.envoy.WatchLimit;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Loopback;
import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Listening;
import io.sluice.agent.resolver.Resolver;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of this host may have made it refuse a bundle, and may be mended without another bundle: the
 * proxy's user, ports that somebody else has, IPv6, another agent's rules, iptables, a resolver,
 * the kernel's limit for watched files.
 */
final class Conditions {

  private Conditions() {}

  /** They as one line, of which only equality means anything. */
  static String of(Generation bundle, Firewall firewall, Resolver resolver) {
    try {
      Settings settings = bundle.settings();
      String user =
          Accounts.user(settings.proxyUser())
              .map(account -> account.uid() + ":" + account.gid())
              .orElse("none");
      long uid = Accounts.user(settings.proxyUser()).map(Accounts.User::uid).orElse(-1L);
      Set<Integer> taken = new TreeSet<>(BoundPorts.of(bundle));
      settings.dns().map(Settings.Dns::port).ifPresent(taken::add);
      taken.retainAll(Listening.ofOthersThan(uid));
      return "user=%s group=%s taken=%s ipv6=%s other=%s iptables=%s resolver=%s watches=%d"
          .formatted(
              user,
              Accounts.group(Accounts.GROUP).map(String::valueOf).orElse("none"),
              taken,
              Loopback.hasIpv6(),
              firewall.lacking().isPresent() ? "" : firewall.otherOwner().orElse("none"),
              firewall.lacking().isPresent() ? "none" : "there",
              resolver.lacking().isPresent() ? "none" : "there",
              WatchLimit.now());
    } catch (IOException | RefusedException e) {
      return "unknown: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
  }
}
