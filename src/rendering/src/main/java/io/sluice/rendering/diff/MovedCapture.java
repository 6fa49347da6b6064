package io.sluice.rendering.diff;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What changes in how a transparent host captures that stays transparent. */
final class MovedCapture {

  private final RenderedHost old;
  private final RenderedHost next;
  private final List<Interruption> found = new ArrayList<>();

  private MovedCapture(RenderedHost old, RenderedHost next) {
    this.old = old;
    this.next = next;
  }

  static List<Interruption> between(RenderedHost old, RenderedHost next) {
    MovedCapture moved = new MovedCapture(old, next);
    if (old.isTransparent() && next.isTransparent()) {
      moved.ports();
      moved.families();
      moved.dns();
      moved.proxyUser();
    }
    return moved.found;
  }

  /** Whether a catch-all listener goes to another port; the others then change with it. */
  static boolean redirectPortsMove(RenderedHost old, RenderedHost next) {
    return !Objects.equals(old.inbound().port(), next.inbound().port())
        || !Objects.equals(old.outbound().port(), next.outbound().port());
  }

  private void ports() {
    port("inbound", requireNonNull(old.inbound().port()), requireNonNull(next.inbound().port()));
    port("outbound", requireNonNull(old.outbound().port()), requireNonNull(next.outbound().port()));
  }

  private void port(String direction, int before, int after) {
    if (before != after) {
      add(
          "redirect." + direction + ".port",
          "captured %s connections go to port %d instead of %d: those of now without an %s of their own are drained within %s s"
              .formatted(direction, after, before, direction, old.drainSeconds()));
    }
  }

  private void families() {
    if (old.capturesIpv6() && !next.capturesIpv6()) {
      add(
          "ipFamilyMode",
          "IPv6 is captured no more: new connections pass by Envoy, captured ones without an inbound or outbound of their own are drained within "
              + old.drainSeconds()
              + " s");
    }
    if (!old.capturesIpv6() && next.capturesIpv6()) {
      add("ipFamilyMode", "new IPv6 connections go through Envoy, which they did not before");
    }
  }

  private void dns() {
    if (old.capturesDns() && !next.capturesDns()) {
      add(
          "redirect.dns.enabled",
          "the host's programs ask its own name servers again, which do not know the mesh's names");
    }
    if (!old.capturesDns() && next.capturesDns()) {
      add(
          "redirect.dns.enabled",
          "the host's programs get their answers from the resolver beside Envoy: no names are"
              + " known while it does not run");
    }
  }

  private void proxyUser() {
    String before = requireNonNull(old.effective().conf().proxyUser());
    String after = requireNonNull(next.effective().conf().proxyUser());
    if (!before.equals(after)) {
      add(
          "proxyUser",
          "Envoy runs as %s instead of %s when it starts next; a host without that user, or where its primary group is not sluice, rejects the bundle"
              .formatted(after, before));
    }
  }

  private void add(String setting, String consequence) {
    found.add(Interruption.ofSetting(next, setting, consequence));
  }
}
