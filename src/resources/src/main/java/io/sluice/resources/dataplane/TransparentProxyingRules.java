package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.NameRules;
import io.sluice.resources.validation.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be said about capturing a host's traffic. Kuma checks the references alone. */
final class TransparentProxyingRules {

  private TransparentProxyingRules() {}

  static void check(Networking networking, Findings findings) {
    TransparentProxying transparent = networking.transparentProxying();
    if (transparent == null) {
      return;
    }
    checkPort(
        transparent.redirectPortInbound(),
        "redirectPortInbound",
        Fields.REDIRECT_INBOUND,
        findings);
    checkPort(
        transparent.redirectPortOutbound(),
        "redirectPortOutbound",
        Fields.REDIRECT_OUTBOUND,
        findings);
    int all = transparent.reachableServices().indexOf("*");
    if (all >= 0) {
      findings.warning(
          Fields.TRANSPARENT.field("reachableServices").index(all),
          "is read as the name of a service: leave reachableServices out to reach all");
    }
    if (transparent.reachableBackends() != null) {
      check(transparent.reachableBackends().refs(), findings);
    }
  }

  /** What may surprise in how the dataplane and the policies of its mesh go together. */
  static void warn(Networking networking, Capture capture, Findings findings) {
    TransparentProxying transparent = networking.transparentProxying();
    if (transparent == null) {
      return;
    }
    if (!transparent.redirects() && capture.mode() == Mode.NONE) {
      findings.warning(
          Fields.TRANSPARENT,
          "nothing is captured, Envoy binds every listener: only with both redirectPortInbound and"
              + " redirectPortOutbound, or by a MeshTransparentProxy, is a dataplane transparent");
    } else if (transparent.redirects() && capture.mode() == Mode.NONE) {
      findings.warning(
          Fields.TRANSPARENT,
          "nothing is captured, Envoy binds every listener: a MeshTransparentProxy says mode: none");
    } else if (transparent.ipFamilyMode() == IpFamilyMode.IPV4) {
      warnOfUncapturedAddresses(networking, findings);
    }
  }

  private static void warnOfUncapturedAddresses(Networking networking, Findings findings) {
    for (int i = 0; i < networking.inbound().size(); i++) {
      HostPort listener = networking.listener(networking.inbound().get(i));
      if (IpAddress.parse(listener.address()).filter(IpAddress::v6).isPresent()) {
        findings.warning(
            Fields.inbound(i),
            "takes no connections: it listens on "
                + listener
                + ", and with ipFamilyMode: IPv4 connections to IPv6 addresses are not captured");
      }
    }
  }

  private static void checkPort(@Nullable Integer port, String name, Path at, Findings findings) {
    if (port == null) {
      return;
    }
    Ports.check(port, name, at, findings);
  }

  private static void check(
      List<TransparentProxying.ReachableBackends.Ref> refs, Findings findings) {
    for (int i = 0; i < refs.size(); i++) {
      TransparentProxying.ReachableBackends.Ref ref = refs.get(i);
      Path at = Fields.TRANSPARENT.field("reachableBackends").field("refs").index(i);
      OutboundRules.checkKind(ref.kind(), at.field("kind"), findings);
      if (ref.name() != null) {
        NameRules.checkName(ref.name(), at.field("name"), findings);
      } else if (ref.namespace() != null) {
        findings.violation(at.field("name"), "name is required, when namespace is defined");
      } else if (ref.labels().isEmpty()) {
        findings.violation(at.field("name"), "name or labels are required");
      }
      if ((ref.name() != null || ref.namespace() != null) && !ref.labels().isEmpty()) {
        findings.violation(
            at.field("labels"),
            "labels cannot be defined when name is specified; name is "
                + Shown.of(String.valueOf(ref.name())));
      }
      if (ref.port() != null) {
        Ports.check(ref.port(), "port", at.field("port"), findings);
      }
    }
  }
}
