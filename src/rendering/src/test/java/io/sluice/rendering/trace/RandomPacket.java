package io.sluice.rendering.trace;

import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Any packet that can be sent in the laboratory. */
final class RandomPacket {

  private static final List<Owner> OWNERS =
      List.of(
          new Owner("sluice-proxy", 64001L, "sluice", 64002L),
          new Owner("sluice-proxy", 64001L, null, 100L),
          new Owner("root", 0L, "root", 0L),
          new Owner("root", 0L, "sluice", 64002L),
          new Owner(null, 5001L, null, 5001L),
          new Owner("app", 5004L, "app", 5004L),
          new Owner("app", 5004L, "app", 5004L),
          new Owner(null, 5002L, null, 5002L),
          new Owner(null, 5003L, null, 5001L));

  private static final List<String> LOOPBACK =
      List.of("127.0.0.1", "127.0.0.6", "127.0.0.7", "::1", "::6");

  private static final int DNS = 53;

  private final Random random;

  RandomPacket(Random random) {
    this.random = random;
  }

  /**
   * A packet and who sends it.
   *
   * @param from a host of the laboratory
   * @param to the host that has the packet's destination
   */
  record Sent(String from, Packet packet, String to, int uid, int gid) {

    /** The same way for another packet, which is not the first of a connection. */
    Sent as(Transport protocol, int port, ConnectionState state) {
      Packet other =
          new Packet(
              packet.direction(),
              protocol,
              packet.source(),
              packet.sourcePort(),
              packet.destination(),
              port,
              packet.owner(),
              packet.networkInterface(),
              state,
              false);
      return new Sent(from, other, to, uid, gid);
    }

    @Override
    public String toString() {
      return "from %s to %s: %s".formatted(from, to, Summary.packet(packet));
    }
  }

  Sent next() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> inbound("peer", "eth0");
      case 3, 4 -> inbound("container", "docker0");
      default -> outbound();
    };
  }

  /** The end of a connection that never was. */
  Sent invalid() {
    Sent sent = random.nextBoolean() ? inbound("peer", "eth0") : inbound("container", "docker0");
    return sent.as(Transport.TCP, one(Lab.TCP_PORTS), ConnectionState.INVALID);
  }

  /** A packet from the middle of a connection. */
  Sent later() {
    Sent sent = next();
    return sent.as(Transport.TCP, one(Lab.TCP_PORTS), ConnectionState.ESTABLISHED);
  }

  private Sent inbound(String from, String networkInterface) {
    String source = one(Lab.ADDRESSES.getOrDefault(from, List.of()));
    String to = random.nextInt(4) > 0 ? "host" : from.equals("peer") ? "container" : "peer";
    String destination = one(sameFamily(source, Lab.ADDRESSES.getOrDefault(to, List.of())));
    Packet packet = packet(Direction.INBOUND, source, destination, Owner.UNKNOWN, networkInterface);
    return new Sent(from, packet, to, 0, 0);
  }

  private Sent outbound() {
    Owner owner = one(OWNERS);
    String to = one(List.of("host", "host", "peer", "peer", "peer", "peer", "container"));
    List<String> destinations = new ArrayList<>(Lab.ADDRESSES.getOrDefault(to, List.of()));
    if (to.equals("host")) {
      destinations.addAll(LOOPBACK);
    }
    String destination = one(destinations);
    Packet packet = packet(Direction.OUTBOUND, source(to, destination), destination, owner, null);
    return new Sent("host", packet, to, number(owner.uid()), number(owner.gid()));
  }

  /** Mostly the kernel's choice; sometimes that of Envoy when it dials the application. */
  private @Nullable String source(String to, String destination) {
    boolean v6 = destination.contains(":");
    if (to.equals("host") && random.nextInt(3) == 0) {
      return v6 ? "::6" : "127.0.0.6";
    }
    return !destination.startsWith("127.") && !v6 && random.nextInt(4) == 0 ? "10.77.0.3" : null;
  }

  private Packet packet(
      Direction direction,
      @Nullable String source,
      String destination,
      Owner owner,
      @Nullable String networkInterface) {
    Transport protocol = random.nextInt(4) == 0 ? Transport.UDP : Transport.TCP;
    boolean question = random.nextInt(100) < (protocol == Transport.UDP ? 80 : 15);
    int port = question ? DNS : one(protocol == Transport.UDP ? Lab.UDP_PORTS : Lab.TCP_PORTS);
    return new Packet(
        direction,
        protocol,
        source == null ? null : ip(source),
        null,
        ip(destination),
        port,
        owner,
        networkInterface,
        ConnectionState.NEW,
        protocol == Transport.TCP);
  }

  private static List<String> sameFamily(String as, List<String> of) {
    return of.stream().filter(each -> each.contains(":") == as.contains(":")).toList();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static int number(@Nullable Long id) {
    return id == null ? 0 : id.intValue();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
