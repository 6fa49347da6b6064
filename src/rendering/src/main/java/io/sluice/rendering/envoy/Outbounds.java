package io.sluice.rendering.envoy;

import io.sluice.rendering.services.Destination;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The outbounds that a dataplane declares: each is bound, in both modes. */
final class Outbounds {

  private final List<Outbound> declared;
  private final List<HostPort> places = new ArrayList<>();

  /**
   * Those of a dataplane.
   *
   * @throws io.sluice.rendering.bundle.UnrenderableException if Envoy can't listen where it should
   */
  Outbounds(Networking networking) {
    this.declared = networking.outbound();
    for (int i = 0; i < declared.size(); i++) {
      HostPort listener = declared.get(i).listener();
      String field = "networking.outbound[%d].address".formatted(i);
      IpLiteral address = ListenerAddresses.parse(field, listener.address(), "give an IP address");
      places.add(new HostPort(address.text(), listener.port()));
    }
  }

  /** Where they listen. */
  List<HostPort> places() {
    return places;
  }

  /** Where they lead, as the dataplane sees its mesh. */
  List<Bound> bound(Sight sight) {
    List<Bound> bound = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      HostPort at = places.get(i);
      bound.add(
          declared.get(i).backendRef() == null
              ? Bound.to(sight.outbounds().get(i), at)
              : Bound.nowhere(at));
    }
    return bound;
  }

  /**
   * A declared outbound and the service behind it.
   *
   * @param destination what the service was made of; absent where there is none
   */
  record Bound(OutboundListener listener, Service service, Optional<Destination> destination) {

    private static Bound to(Destination destination, HostPort at) {
      Service service = Service.of(destination);
      return new Bound(OutboundListener.bound(at, service), service, Optional.of(destination));
    }

    /** There are no resources to which a reference could lead, nor tags to name the cluster by. */
    private static Bound nowhere(HostPort at) {
      Service service = new Service(ResourceName.outbound(at), Protocol.TCP, List.of());
      return new Bound(OutboundListener.bound(at, service), service, Optional.empty());
    }
  }
}
