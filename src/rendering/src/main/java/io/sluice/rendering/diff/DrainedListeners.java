package io.sluice.rendering.diff;

import io.sluice.rendering.bundle.Difference;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.net.HostPort;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/**
 * Listeners that Envoy drains: when one is removed or its own file changes, it ends the connections
 * that came through it. Changes of clusters and endpoints leave connections alone.
 */
final class DrainedListeners {

  private static final String INBOUNDS = "networking.inbound";
  private static final String OUTBOUNDS = "networking.outbound";

  private final RenderedHost old;
  private final RenderedHost next;
  private final SequencedSet<Interruption> found = new LinkedHashSet<>();

  private DrainedListeners(RenderedHost old, RenderedHost next) {
    this.old = old;
    this.next = next;
  }

  static List<Interruption> between(RenderedHost old, RenderedHost next) {
    DrainedListeners drained = new DrainedListeners(old, next);
    Difference difference = Difference.between(old.bundle(), next.bundle());
    for (String path : Listener.among(difference.paths())) {
      if (old.bundle().file(path).isPresent()) {
        drained.add(Listener.read(old.bundle(), path), difference.gone().contains(path));
      }
    }
    return List.copyOf(drained.found);
  }

  private void add(Listener listener, boolean removed) {
    switch (listener.sort()) {
      case INBOUND ->
          declared(listener, INBOUNDS, inbound(old, listener), inbound(next, listener), removed);
      case OUTBOUND ->
          declared(listener, OUTBOUNDS, outbound(old, listener), outbound(next, listener), removed);
      case READINESS ->
          found.add(
              Interruption.ofDataplane(
                  removed ? old : next,
                  "networking.admin.port",
                  "nothing answers /ready on " + listener.address() + " any more"));
      case INBOUND_CATCH_ALL -> inboundCatchAll(removed);
      case OUTBOUND_CATCH_ALL -> outboundCatchAll(removed);
      case VIRTUAL -> reached("reachableServices", listener, removed);
      case DIRECT -> reached("directAccessServices", listener, removed);
      case PROBE -> {}
    }
  }

  private void declared(
      Listener listener, String list, OptionalInt before, OptionalInt after, boolean removed) {
    String consequence;
    if (!removed) {
      consequence =
          "the listener on "
              + listener.address()
              + " is replaced: "
              + drained("connections through it");
    } else if (listener.isBound()) {
      consequence =
          "Envoy stops listening on "
              + listener.address()
              + ": new connections are refused, "
              + drained("open ones");
    } else {
      consequence =
          "connections to "
              + listener.address()
              + " have no inbound any more: new ones pass to whatever listens there, "
              + drained("open ones");
    }
    RenderedHost says = after.isPresent() ? next : old;
    OptionalInt index = after.isPresent() ? after : before;
    String field = index.isPresent() ? list + "[" + index.getAsInt() + "]" : list;
    found.add(
        Interruption.ofDataplane(says, field + changedField(list, before, after), consequence));
  }

  /** Usually it is not this dataplane but one that offers the service which is another now. */
  private void reached(String setting, Listener listener, boolean removed) {
    found.add(
        Interruption.ofDataplane(
            next,
            "networking.transparentProxying." + setting,
            removed
                ? "connections to "
                    + listener.address()
                    + " lead to no service any more: "
                    + drained("open ones")
                : "the listener on "
                    + listener.address()
                    + " is replaced: "
                    + drained("connections through it")));
  }

  /** What of an inbound can change its listener, apart from where it is. */
  private String changedField(String list, OptionalInt before, OptionalInt after) {
    if (!list.equals(INBOUNDS) || before.isEmpty() || after.isEmpty()) {
      return "";
    }
    Inbound was = old.dataplane().networking().inbound().get(before.getAsInt());
    Inbound is = next.dataplane().networking().inbound().get(after.getAsInt());
    return was.protocol() == is.protocol() ? "" : ".tags[\"" + Inbound.PROTOCOL_TAG + "\"]";
  }

  /** Ports and families have their own words; here is what else changes the listener. */
  private void inboundCatchAll(boolean removed) {
    if (!removed && !MovedCapture.redirectPortsMove(old, next)) {
      found.add(
          Interruption.ofDataplane(
              next,
              INBOUNDS,
              "the listeners of inbounds on all addresses are replaced: "
                  + drained("connections to them, and to ports without an inbound,")));
    }
  }

  private void outboundCatchAll(boolean removed) {
    if (removed || MovedCapture.redirectPortsMove(old, next)) {
      return;
    }
    found.add(
        Interruption.ofMesh(
            next,
            "networking.outbound.passthrough",
            "the listeners of all outbound connections without an outbound of their own are"
                + " replaced: "
                + drained("those connections")));
  }

  private String drained(String what) {
    return what + " are drained within " + old.drainSeconds() + " s";
  }

  private static OptionalInt inbound(RenderedHost host, Listener listener) {
    Networking networking = host.dataplane().networking();
    return index(listener, networking.inbound().stream().map(networking::listener).toList());
  }

  private static OptionalInt outbound(RenderedHost host, Listener listener) {
    return index(
        listener,
        host.dataplane().networking().outbound().stream().map(each -> each.listener()).toList());
  }

  private static OptionalInt index(Listener listener, List<HostPort> declared) {
    return IntStream.range(0, declared.size())
        .filter(i -> declared.get(i).canonical().toString().equals(listener.address()))
        .findFirst();
  }
}
