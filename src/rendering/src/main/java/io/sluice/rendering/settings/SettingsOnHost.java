package io.sluice.rendering.settings;

import static java.util.Objects.requireNonNull;

import io.sluice.rendering.settings.RedirectSettings.Comments;
import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.InterfaceAddress;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.TransparentProxyConf;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Dns;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Redirect;
import io.sluice.resources.transparentproxy.VirtualNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What resources say, on a certain host.
 *
 * @param assumptions what is taken for granted until it is known, and what can't be as it was said;
 *     sentences for operators
 */
public record SettingsOnHost(RedirectSettings settings, List<String> assumptions) {

  /** Copies the list. */
  public SettingsOnHost {
    assumptions = List.copyOf(assumptions);
  }

  /** What is to be done on a host of which these facts are known. */
  public static SettingsOnHost of(EffectiveTransparentProxy effective, Optional<HostFacts> facts) {
    TransparentProxyConf conf = effective.conf();
    Redirect redirect = requireNonNull(conf.redirect());
    List<String> assumptions = new ArrayList<>();
    RedirectSettings settings =
        new RedirectSettings(
            effective.mode(),
            families(effective.ipFamilyMode(), facts, assumptions),
            requireNonNull(conf.proxyUser()),
            requireNonNull(conf.onProxyFailure()),
            requireNonNull(conf.drift()),
            requireNonNull(conf.dropInvalidPackets()),
            inbound(requireNonNull(redirect.inbound()), facts, assumptions),
            outbound(requireNonNull(redirect.outbound())),
            dns(requireNonNull(redirect.dns()), facts, assumptions),
            networks(requireNonNull(redirect.vnet())),
            log(requireNonNull(conf.log())),
            requireNonNull(requireNonNull(conf.comments()).disabled())
                ? Comments.LEFT_OUT
                : Comments.WRITTEN);
    return switch (settings.mode()) {
      case IPTABLES -> new SettingsOnHost(settings, assumptions);
      case NONE -> new SettingsOnHost(settings, List.of());
    };
  }

  private static List<IpFamily> families(
      IpFamilyMode mode, Optional<HostFacts> facts, List<String> assumptions) {
    return switch (mode) {
      case IPV4 -> List.of(IpFamily.V4);
      case DUAL_STACK -> {
        if (facts.isEmpty()) {
          assumptions.add("the host has IPv6");
        }
        yield facts.map(HostFacts::ipv6).orElse(true)
            ? List.of(IpFamily.V4, IpFamily.V6)
            : List.of(IpFamily.V4);
      }
    };
  }

  private static RedirectSettings.Inbound inbound(
      TransparentProxyConf.Inbound conf, Optional<HostFacts> facts, List<String> assumptions) {
    if (facts.isEmpty()) {
      assumptions.add("sshd listens on no port but those in redirect.inbound.protectedPorts");
    }
    return new RedirectSettings.Inbound(
        requireNonNull(conf.enabled()),
        requireNonNull(conf.port()),
        requireNonNull(conf.includePorts()),
        requireNonNull(conf.excludePorts()),
        requireNonNull(conf.protectedPorts()),
        facts.map(HostFacts::sshdPorts).orElse(List.of()),
        requireNonNull(conf.excludePortsForIPs()),
        requireNonNull(conf.insertRedirectInsteadOfAppend()));
  }

  private static RedirectSettings.Outbound outbound(TransparentProxyConf.Outbound conf) {
    return new RedirectSettings.Outbound(
        requireNonNull(conf.enabled()),
        requireNonNull(conf.port()),
        requireNonNull(conf.includePorts()),
        requireNonNull(conf.excludePorts()),
        requireNonNull(conf.excludePortsForIPs()),
        requireNonNull(conf.excludePortsForUIDs()),
        requireNonNull(conf.insertRedirectInsteadOfAppend()));
  }

  private static Optional<DnsCapture> dns(
      Dns conf, Optional<HostFacts> facts, List<String> assumptions) {
    if (!requireNonNull(conf.enabled())) {
      return Optional.empty();
    }
    if (facts.isEmpty()) {
      assumptions.add("the host has no resolver that the agent can run: DNS is not captured");
      return Optional.empty();
    }
    return dns(conf, facts.get(), assumptions);
  }

  private static Optional<DnsCapture> dns(Dns conf, HostFacts facts, List<String> assumptions) {
    if (facts.resolver() == null) {
      assumptions.add("DNS is not captured: the host has no resolver that the agent can run");
      return Optional.empty();
    }
    if (facts.dnsServers().isEmpty()) {
      assumptions.add("DNS is not captured: the host names no servers to pass questions on to");
      return Optional.empty();
    }
    boolean all = requireNonNull(conf.captureAll());
    Optional<IpAddress> own = facts.dnsServers().stream().filter(at -> isOwn(at, facts)).findAny();
    if (all && own.isPresent()) {
      // That server's questions to the world look like any program's: captured, they would come
      // back to it for ever.
      assumptions.add(
          "only DNS questions to the host's servers are captured: one of them, "
              + own.get()
              + ", is a program of the host itself");
    }
    return Optional.of(
        new DnsCapture(
            requireNonNull(conf.port()),
            all && own.isEmpty() ? Optional.empty() : Optional.of(facts.dnsServers()),
            !requireNonNull(conf.skipConntrackZoneSplit())));
  }

  private static boolean isOwn(IpAddress server, HostFacts facts) {
    return server.isLoopback()
        || facts.addresses().stream().map(InterfaceAddress::address).anyMatch(server::equals);
  }

  private static List<VirtualNetwork> networks(TransparentProxyConf.Vnet conf) {
    return requireNonNull(conf.networks()).stream()
        .sorted(
            Comparator.comparing(VirtualNetwork::interfaceName)
                .thenComparing(VirtualNetwork::network))
        .distinct()
        .toList();
  }

  private static RedirectSettings.Log log(TransparentProxyConf.Log conf) {
    return new RedirectSettings.Log(requireNonNull(conf.enabled()), requireNonNull(conf.level()));
  }
}
