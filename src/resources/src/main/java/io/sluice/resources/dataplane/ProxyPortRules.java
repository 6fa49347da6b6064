package io.sluice.resources.dataplane;

import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nobody may listen where the proxy does, and it needs a port for each of its uses. */
final class ProxyPortRules {

  private final Networking networking;
  private final Capture capture;
  private final Findings findings;
  private final List<ProxyPort> proxyPorts;

  ProxyPortRules(Networking networking, Capture capture, Findings findings) {
    this.networking = networking;
    this.capture = capture;
    this.findings = findings;
    this.proxyPorts = ProxyPort.of(capture);
  }

  void check() {
    checkOwn();
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      if (inbound.offersService()) {
        refuse(inbound.port(), Fields.inbound(i).field("port"));
      }
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      refuse(networking.outbound().get(i).listener().port(), Fields.outbound(i).field("port"));
    }
    if (networking.admin() != null && networking.admin().port() != null) {
      refuse(networking.admin().port(), Fields.ADMIN_PORT);
    }
  }

  /** The dataplane's redirect ports beside those that policies or defaults give. */
  private void checkOwn() {
    TransparentProxying own = networking.transparentProxying();
    Integer inbound = own == null ? null : own.redirectPortInbound();
    Integer outbound = own == null ? null : own.redirectPortOutbound();
    if (inbound != null && inbound.equals(outbound)) {
      findings.violation(
          Fields.REDIRECT_OUTBOUND, "must differ from redirectPortInbound; both are " + outbound);
    } else if (capture.inboundPort() == capture.outboundPort()) {
      findings.violation(
          outbound == null ? Fields.REDIRECT_INBOUND : Fields.REDIRECT_OUTBOUND,
          "the proxy can't take inbound and outbound connections on one port; both would be "
              + capture.inboundPort());
    }
    refuseResolver(inbound, capture.inboundPort(), Fields.REDIRECT_INBOUND);
    refuseResolver(outbound, capture.outboundPort(), Fields.REDIRECT_OUTBOUND);
  }

  private void refuseResolver(@Nullable Integer own, int port, Path at) {
    if (port == capture.dnsPort()) {
      findings.violation(
          at,
          own != null
              ? port + " is the port of the proxy's resolver; choose another"
              : "must be given and differ from " + port + ", the port of the proxy's resolver");
    }
  }

  private void refuse(int port, Path at) {
    for (ProxyPort proxyPort : proxyPorts) {
      if (proxyPort.port() == port) {
        findings.violation(at, "must not be a port of the proxy; " + proxyPort);
      }
    }
  }
}
