package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostName;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.net.IpAddress;
import java.util.List;
import java.util.Optional;
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

  /** The same at another address. */
  public Networking at(String other) {
    return new Networking(
        other, advertisedAddress, inbound, outbound, gateway, transparentProxying, admin);
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

  /**
   * What other proxies dial: the advertised address beats an inbound's own, and the host's address
   * stands for a listener on all of them.
   */
  public HostPort dialled(Inbound of) {
    HostPort listener = listener(of);
    return new HostPort(
        advertisedAddress != null ? advertisedAddress : reached(of).orElse(listener.address()),
        listener.port());
  }

  /**
   * Whether others can dial an inbound: not one on loopback alone, unless the host itself is known
   * by a loopback address, as are all hosts of a mesh on one machine; nor one on all addresses of
   * the family that the host's address is not of.
   */
  public boolean isDialled(Inbound of) {
    return advertisedAddress != null
        || reached(of).filter(at -> !isLoopback(at) || isLoopback(address)).isPresent();
  }

  /**
   * Where others reach an inbound without balancing: its listener, at the host's address where that
   * is on all of them. Empty on loopback, which means another place to each host.
   */
  public Optional<HostPort> direct(Inbound of) {
    return reached(of).filter(at -> !isLoopback(at)).map(at -> new HostPort(at, of.port()));
  }

  /**
   * The listener's address; in place of a wildcard the host's, if it is of that family or a name.
   */
  private Optional<String> reached(Inbound of) {
    String listener = listener(of).address();
    Optional<IpAddress> wildcard = ip(listener).filter(IpAddress::isWildcard);
    if (wildcard.isEmpty()) {
      return Optional.of(listener);
    }
    boolean otherFamily = ip(address).filter(host -> host.v6() != wildcard.get().v6()).isPresent();
    return otherFamily ? Optional.empty() : Optional.of(address);
  }

  private static boolean isLoopback(String addressOrName) {
    return ip(addressOrName).filter(IpAddress::isLoopback).isPresent();
  }

  private static Optional<IpAddress> ip(String addressOrName) {
    return IpAddress.parse(HostName.canonical(addressOrName));
  }

  /**
   * What of Envoy's admin API the host's address offers.
   *
   * @param port where {@code /ready} is answered; absent means nowhere
   */
  public record Admin(@Nullable Integer port) {}
}
