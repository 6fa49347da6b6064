package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.Match;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.transparentproxy.UidRange;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges the conditions of rules as the kernel does. */
final class Conditions {

  /** The primary group of every process of ours. */
  static final String OUR_GROUP = "sluice";

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final String proxyUser;
  private final Locality locality;

  /**
   * Conditions on one host.
   *
   * @param proxyUser the user as whom the host runs Envoy, by name or UID
   */
  Conditions(String proxyUser, Locality locality) {
    this.proxyUser = proxyUser;
    this.locality = locality;
  }

  Judgement judge(Match match, Flight packet) {
    return switch (match) {
      case Match.Protocol(Transport transport) -> Judgement.certain(packet.protocol() == transport);
      case Match.Syn() -> Judgement.certain(packet.syn());
      case Match.DestinationPorts(PortRange ports) ->
          Judgement.certain(ports.contains(packet.port()));
      case Match.SourcePorts(PortRange ports) -> sourcePorts(ports, packet.sourcePort());
      case Match.Source(Cidr network) -> source(network, packet.source());
      case Match.Destination(Cidr network) ->
          Judgement.certain(network.contains(packet.destination()));
      case Match.LocalDestination() -> locality.isLocal(packet.destination());
      case Match.InInterface(String name) -> networkInterface(Chain.PREROUTING, name, packet);
      case Match.OutInterface(String name) -> networkInterface(Chain.OUTPUT, name, packet);
      case Match.OwnerUser(String user) -> ownerUser(user, packet);
      case Match.OwnerUsers(UidRange uids) -> ownerUsers(uids, packet);
      case Match.OwnerGroup(String group) -> ownerGroup(group, packet);
      case Match.Invalid() -> Judgement.certain(packet.state() == ConnectionState.INVALID);
      case Match.Not(Match.Negatable negated) -> judge((Match) negated, packet).not();
    };
  }

  private static Judgement source(Cidr network, @Nullable IpAddress source) {
    return source == null
        ? Judgement.assumedNot("the source is not in " + network + " (say source)")
        : Judgement.certain(network.contains(source));
  }

  private static Judgement sourcePorts(PortRange ports, @Nullable Integer port) {
    return port == null
        ? Judgement.assumedNot("the source port is not " + ports + " (say sourcePort)")
        : Judgement.certain(ports.contains(port));
  }

  /** A packet that leaves has no interface by which it came, and the other way round. */
  private static Judgement networkInterface(Chain hook, String name, Flight packet) {
    if (packet.hook() != hook) {
      return Judgement.certain(false);
    }
    String of = packet.networkInterface();
    if (of == null) {
      return name.equals(Flight.LOOPBACK)
          ? Judgement.certain(false)
          : Judgement.assumedNot("the interface is not " + name + " (say interface)");
    }
    return Judgement.certain(
        name.endsWith("+") ? of.startsWith(name.substring(0, name.length() - 1)) : of.equals(name));
  }

  private static Judgement ownerUser(String wanted, Flight packet) {
    Owner owner = packet.owner();
    return packet.hook() == Chain.OUTPUT
        ? same("user", "uid", wanted, owner.user(), owner.uid())
        : Judgement.certain(false);
  }

  private static Judgement ownerUsers(UidRange uids, Flight packet) {
    Owner owner = packet.owner();
    if (packet.hook() != Chain.OUTPUT) {
      return Judgement.certain(false);
    }
    Long uid = "root".equals(owner.user()) && owner.uid() == null ? (Long) 0L : owner.uid();
    if (uid != null) {
      return Judgement.certain(uids.first() <= uid && uid <= uids.last());
    }
    return Judgement.assumedNot(
        owner.user() == null
            ? "the process has not uid %s (say uid)".formatted(uids)
            : "user %s has not uid %s (say uid too)".formatted(owner.user(), uids));
  }

  private Judgement ownerGroup(String wanted, Flight packet) {
    Owner owner = packet.owner();
    if (packet.hook() != Chain.OUTPUT) {
      return Judgement.certain(false);
    }
    boolean groupUnknown = owner.group() == null && owner.gid() == null;
    if (wanted.equals(OUR_GROUP) && groupUnknown && isProxy(owner)) {
      return Judgement.assumed(
          "the process of user %s has the primary group %s, as the agent starts it"
              .formatted(proxyUser, OUR_GROUP));
    }
    return same("group", "gid", wanted, owner.group(), owner.gid());
  }

  /** Whether a user or group is given by its number. */
  static boolean isNumber(String identity) {
    return NUMBER.matcher(identity).matches();
  }

  private boolean isProxy(Owner owner) {
    return proxyUser.equals(owner.user())
        || (owner.uid() != null && proxyUser.equals(owner.uid().toString()));
  }

  /** Compares by name or by number, whichever the rule has; root is 0 everywhere. */
  private static Judgement same(
      String nameField,
      String numberField,
      String wanted,
      @Nullable String name,
      @Nullable Long number) {
    if (isNumber(wanted)) {
      if (number != null) {
        return Judgement.certain(wanted.equals(number.toString()));
      }
      if ("root".equals(name)) {
        return Judgement.certain(wanted.equals("0"));
      }
      return Judgement.assumedNot(
          name == null
              ? "the process has not %s %s (say %s)".formatted(numberField, wanted, numberField)
              : "%s %s has not %s %s (say %s too)"
                  .formatted(nameField, name, numberField, wanted, numberField));
    }
    if (name != null) {
      return Judgement.certain(wanted.equals(name));
    }
    if (number == null) {
      return Judgement.assumedNot(
          "the process is not of %s %s (say %s)".formatted(nameField, wanted, nameField));
    }
    return number == 0 || wanted.equals("root")
        ? Judgement.certain(number == 0 && wanted.equals("root"))
        : Judgement.assumedNot(
            "%s %d is not %s %s (say %s too)"
                .formatted(numberField, number, nameField, wanted, nameField));
  }
}
