package io.sluice.rendering.diff;

import static java.util.Objects.requireNonNull;

import io.sluice.resources.host.HostFacts;
import io.sluice.resources.transparentproxy.TransparentProxyConf.OnProxyFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connections that depend on Envoy by a change, and did not before. */
final class NewlyCaptured {

  private static final int SSH = 22;
  private static final String PROTECTED = "redirect.inbound.protectedPorts";

  private final Optional<RenderedHost> before;
  private final RenderedHost next;
  private final List<Interruption> found = new ArrayList<>();

  private NewlyCaptured(Optional<RenderedHost> before, RenderedHost next) {
    this.before = before;
    this.next = next;
  }

  static List<Interruption> between(Optional<RenderedHost> before, RenderedHost next) {
    NewlyCaptured captured = new NewlyCaptured(before, next);
    captured.firstRedirection();
    captured.ssh();
    captured.refusedDestinations();
    captured.invalidPackets();
    return captured.found;
  }

  private void firstRedirection() {
    boolean first = next.isTransparent() && !before.map(RenderedHost::isTransparent).orElse(false);
    if (first && next.effective().conf().onProxyFailure() == OnProxyFailure.CLOSED) {
      found.add(
          Interruption.ofSetting(
              next,
              "onProxyFailure",
              "captured connections are refused whenever Envoy does not listen (closed)"));
    }
  }

  private void ssh() {
    Optional<List<Integer>> known = next.facts().map(HostFacts::sshdPorts);
    if (known.isEmpty()) {
      if (becomesCaptured(SSH)) {
        found.add(
            Interruption.ofSetting(
                next,
                PROTECTED,
                "new SSH connections to port 22 go through Envoy and are refused while it does"
                    + " not listen, unless the host reports that its sshd listens there"));
      }
      return;
    }
    for (int port : known.get()) {
      if (before.isPresent() && becomesCaptured(port)) {
        found.add(
            Interruption.ofSetting(
                next,
                PROTECTED,
                "nothing but the host's own report that sshd listens on port "
                    + port
                    + " keeps new SSH connections from being captured"));
      }
    }
  }

  private boolean becomesCaptured(int port) {
    return next.captures(port) && !before.map(old -> old.captures(port)).orElse(false);
  }

  private void refusedDestinations() {
    if (refusesUnknown(next) && !before.map(NewlyCaptured::refusesUnknown).orElse(false)) {
      found.add(
          Interruption.ofMesh(
              next,
              "networking.outbound.passthrough",
              "connections from the host to any destination without an outbound are refused,"
                  + " databases and package mirrors included"));
    }
  }

  private static boolean refusesUnknown(RenderedHost host) {
    return host.capturesOutbound() && !host.mesh().passthrough();
  }

  private void invalidPackets() {
    if (dropsInvalid(next) && !before.map(NewlyCaptured::dropsInvalid).orElse(false)) {
      found.add(
          Interruption.ofSetting(
              next,
              "dropInvalidPackets",
              "established connections that conntrack does not know end where"
                  + " net.netfilter.nf_conntrack_tcp_loose is 0"));
    }
  }

  private static boolean dropsInvalid(RenderedHost host) {
    return host.isTransparent() && requireNonNull(host.effective().conf().dropInvalidPackets());
  }
}
