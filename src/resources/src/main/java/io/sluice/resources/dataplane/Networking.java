package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataplane stands in the network, what it offers and what it uses.
 *
 * @param address the IP address or DNS name of the host; Envoy binds to it
 * @param advertisedAddress what others dial instead of {@code address}, for all inbounds
 */
public record Networking(
    String address,
    @Nullable String advertisedAddress,
    List<Inbound> inbound,
    List<Outbound> outbound,
    @Nullable Gateway gateway,
    @Nullable TransparentProxying transparentProxying,
    @Nullable Admin admin) {

  /** Copies the lists. */
  public Networking {
    inbound = List.copyOf(inbound);
    outbound = List.copyOf(outbound);
  }

  /**
   * Where Envoy takes an inbound's connections: bound in explicit mode, virtual when transparent.
   */
  public HostPort listener(Inbound of) {
    return new HostPort(of.address() != null ? of.address() : address, of.port());
  }

  /**
   * Where the application listens. Without {@code serviceAddress} that is the listener's address.
   */
  public HostPort workload(Inbound of) {
    return new HostPort(
        of.serviceAddress() != null ? of.serviceAddress() : listener(of).address(),
        of.servicePort() != null ? of.servicePort() : of.port());
  }

  /** What other proxies dial: the advertised address beats an inbound's own. */
  public HostPort dialled(Inbound of) {
    return new HostPort(
        advertisedAddress != null ? advertisedAddress : listener(of).address(), of.port());
  }

  /**
   * What of Envoy's admin API the host's address offers.
   *
   * @param port where {@code /ready} is answered; absent means nowhere
   */
  public record Admin(@Nullable Integer port) {}
}
