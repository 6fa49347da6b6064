package io.sluice.rendering.trace;

import io.sluice.resources.net.IpAddress;
import io.sluice.resources.shape.RecordReader;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads and judges a packet as operators write it. */
public final class PacketReader {

  /** The kernel keeps 16 bytes for a name, the last of which is a zero. */
  private static final Pattern INTERFACE = Pattern.compile("[^\\s/]{1,15}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final Findings findings = new Findings();
  private final Findings consequences = new Findings();

  private PacketReader() {}

  /**
   * The packet that a document describes.
   *
   * @throws InvalidResource with everything that is wrong with it
   */
  public static Packet read(ObjectNode document) {
    return new PacketReader().packet(document);
  }

  private Packet packet(ObjectNode document) {
    RecordReader reader = new RecordReader(findings);
    PacketDocument given = reader.read(document, PacketDocument.class, List.of());
    if (given.direction() == null) {
      violation("direction", "must be given: inbound or outbound");
    }
    IpAddress source =
        given.source() == null ? null : address("source", given.source(), "10.0.0.9");
    IpAddress destination = destination(given.destination());
    if (source != null && destination != null && source.v6() != destination.v6()) {
      violation(
          "source",
          "must be of the same family as the destination %s, not %s"
              .formatted(destination, source));
    }
    if (given.sourcePort() != null) {
      port("sourcePort", given.sourcePort());
    }
    int port = port("port", given.port());
    if (given.direction() == Direction.INBOUND) {
      noProcess(given);
    }
    name("user", given.user(), "uid");
    name("group", given.group(), "gid");
    number("uid", given.uid());
    number("gid", given.gid());
    networkInterface(given.networkInterface(), given.direction());
    boolean first = given.protocol() == Transport.TCP && given.state() == ConnectionState.NEW;
    if (Boolean.TRUE.equals(given.syn()) && !first) {
      violation("syn", "must be false or absent: only protocol tcp in state new begins with a SYN");
    }
    List<Violation> violations = new ArrayList<>(findings.violations());
    consequences.violations().stream()
        .filter(violation -> !reader.explains(violation))
        .forEach(violations::add);
    if (!violations.isEmpty() || given.direction() == null || destination == null) {
      throw new InvalidResource(violations);
    }
    return new Packet(
        given.direction(),
        given.protocol(),
        source,
        given.sourcePort(),
        destination,
        port,
        new Owner(given.user(), number(given.uid()), given.group(), number(given.gid())),
        given.networkInterface(),
        given.state(),
        given.syn() == null ? first : given.syn());
  }

  private @Nullable IpAddress destination(@Nullable String given) {
    if (given == null) {
      violation("destination", "must be given: an IP address such as 10.0.0.5 or fd00::5");
      return null;
    }
    IpAddress destination = address("destination", given, "10.0.0.5");
    if (destination != null && destination.isWildcard()) {
      violation("destination", "must be one host's address, not " + given);
    }
    return destination;
  }

  private @Nullable IpAddress address(String field, String given, String example) {
    Optional<IpAddress> address = IpAddress.parse(given);
    if (address.isEmpty()) {
      violation(
          field,
          "must be an IP address such as %s or fd00::5, not \"%s\"; names are not resolved"
              .formatted(example, given));
    }
    return address.orElse(null);
  }

  private int port(String field, @Nullable Integer given) {
    if (given == null) {
      violation(field, "must be given: 1 to 65535");
      return 0;
    }
    if (given < 1 || given > 65535) {
      violation(field, "must be in the range [1, 65535]; it is " + given);
    }
    return given;
  }

  private void noProcess(PacketDocument given) {
    String reason = "must be absent: only a packet with direction outbound has a process here";
    if (given.user() != null) {
      violation("user", reason);
    }
    if (given.uid() != null) {
      violation("uid", reason);
    }
    if (given.group() != null) {
      violation("group", reason);
    }
    if (given.gid() != null) {
      violation("gid", reason);
    }
  }

  private void name(String field, @Nullable String given, String numberField) {
    if (given != null && NUMBER.matcher(given).matches()) {
      violation(
          field, "must be a name, not \"%s\"; write %s: %s".formatted(given, numberField, given));
    }
  }

  private void number(String field, @Nullable Integer given) {
    if (given != null && given < 0) {
      violation(field, "must be in the range [0, 2147483647]; it is " + given);
    }
  }

  private static @Nullable Long number(@Nullable Integer given) {
    return given == null ? null : (Long) given.longValue();
  }

  private void networkInterface(@Nullable String given, @Nullable Direction direction) {
    if (Flight.LOOPBACK.equals(given) && direction == Direction.INBOUND) {
      violation(
          "interface",
          "can't be lo for direction inbound: what arrives there is sent by this host, which is"
              + " direction outbound");
    }
    if (given != null && !INTERFACE.matcher(given).matches()) {
      violation(
          "interface",
          "must be the name of a network interface, 1 to 15 characters without spaces and '/',"
              + " not \""
              + given
              + "\"");
    }
  }

  private void violation(String field, String reason) {
    consequences.violation(Path.ROOT.field(field), reason);
  }
}
