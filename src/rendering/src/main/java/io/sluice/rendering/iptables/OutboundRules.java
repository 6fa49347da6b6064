package io.sluice.rendering.iptables;

import static io.sluice.rendering.iptables.Chain.OUTPUT;
import static io.sluice.rendering.iptables.Chain.SLUICE_INBOUND;
import static io.sluice.rendering.iptables.Chain.SLUICE_OUTBOUND;
import static io.sluice.rendering.iptables.Chain.SLUICE_OUTBOUND_REDIRECT;
import static io.sluice.rendering.iptables.Packets.NOT_OURS;
import static io.sluice.rendering.iptables.Packets.ON_LOOPBACK;
import static io.sluice.rendering.iptables.Packets.OURS;
import static io.sluice.rendering.iptables.Packets.TCP;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.Probe;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.net.PortRange;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.transparentproxy.UidExclusion;
import io.sluice.resources.transparentproxy.UidRange;
import java.util.ArrayList;
import java.util.List;

/** Captures connections that programs of the host open. */
final class OutboundRules {

  private static final Target RETURN = new Target.Return();
  private static final Target TO_ENVOY = new Target.Jump(SLUICE_OUTBOUND_REDIRECT);

  private final RedirectSettings settings;
  private final RedirectSettings.Outbound outbound;
  private final IpFamily family;

  OutboundRules(RedirectSettings settings, IpFamily family) {
    this.settings = settings;
    this.outbound = settings.outbound();
    this.family = family;
  }

  void addTo(TableBuilder table) {
    table.jump(
        OUTPUT,
        new Rule(
            Packets.newConnection(),
            new Target.Jump(SLUICE_OUTBOUND),
            "new connections that this host opens",
            outbound.enabled() ? Settings.OUTBOUND : "",
            outbound.insertedFirst() ? Place.FIRST : Place.LAST));
    table.add(SLUICE_OUTBOUND, LogRules.of(settings.log(), "sluice outbound: "));
    table.add(SLUICE_OUTBOUND, List.of(probe()));
    table.add(SLUICE_OUTBOUND, fromEnvoyToThisHost());
    if (outbound.enabled()) {
      table.add(SLUICE_OUTBOUND, direct());
      table.add(SLUICE_OUTBOUND, excludedUsers());
      table.add(SLUICE_OUTBOUND, excludedServers());
      table.add(SLUICE_OUTBOUND, ports());
    }
    table.add(
        SLUICE_OUTBOUND_REDIRECT,
        List.of(
            new Rule(
                Packets.all(TCP),
                new Target.Redirect(outbound.port()),
                "to the catch-all outbound listener of Envoy",
                Settings.OUTBOUND_PORT)));
  }

  /** Captured whatever the settings leave out, so that the agent can prove that capturing works. */
  private Rule probe() {
    return new Rule(
        List.of(
            ON_LOOPBACK,
            Packets.to(passthroughSource()),
            TCP,
            new Match.DestinationPorts(PortRange.of(Probe.PORT)),
            NOT_OURS),
        TO_ENVOY,
        "the agent proves by this that connections are captured",
        "");
  }

  private List<Rule> fromEnvoyToThisHost() {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        fixed(
            "Envoy dials the application beside it from this address",
            Packets.from(passthroughSource()),
            ON_LOOPBACK));
    if (settings.inbound().enabled()) {
      rules.add(
          new Rule(
              List.of(
                  ON_LOOPBACK,
                  TCP,
                  new Match.Not(Packets.toLoopback(family)),
                  new Match.OwnerUser(settings.proxyUser())),
              new Target.Jump(SLUICE_INBOUND),
              "Envoy calls a service of its own host: through the inbound side like any client",
              Settings.INBOUND));
    }
    return rules;
  }

  private List<Rule> direct() {
    List<Rule> rules = new ArrayList<>();
    rules.add(fixed("programs of this host among themselves stay direct", ON_LOOPBACK, NOT_OURS));
    rules.add(fixed("what processes of Sluice send is never captured", OURS));
    rules.add(
        new Rule(
            List.of(new Match.OwnerUser(settings.proxyUser())),
            RETURN,
            "what Envoy sends is never captured again",
            Settings.PROXY_USER));
    rules.add(fixed("loopback stays direct", Packets.toLoopback(family)));
    rules.addAll(Packets.linkLocalPasses(family));
    return rules;
  }

  private List<Rule> excludedUsers() {
    List<Rule> rules = new ArrayList<>();
    for (UidExclusion exclusion : outbound.excludedUsers()) {
      for (UidRange uids : usersOf(exclusion, Transport.TCP)) {
        exclusion.ports().forEach(ports -> rules.add(excludedUsers(ports, uids)));
      }
    }
    return rules;
  }

  /** The users whose packets of a protocol are excluded. */
  static List<UidRange> usersOf(UidExclusion exclusion, Transport transport) {
    return exclusion.protocols().contains(transport) ? exclusion.uids() : List.of();
  }

  private static Rule excludedUsers(PortRange ports, UidRange uids) {
    boolean all = ports.equals(PortRange.ALL);
    List<Match> matches = new ArrayList<>(all ? Packets.all(TCP) : Packets.tcpTo(ports));
    matches.add(new Match.OwnerUsers(uids));
    return new Rule(
        matches,
        RETURN,
        "connections of excluded user %s%s pass".formatted(uids, all ? "" : " to port " + ports),
        Settings.EXCLUDED_USERS);
  }

  private List<Rule> excludedServers() {
    return settings.excludedServers(family).stream().map(OutboundRules::excludedServer).toList();
  }

  /** Lets pass what goes to a network that is not captured. */
  static Rule excludedServer(Cidr network) {
    return new Rule(
        Packets.all(new Match.Destination(network)),
        RETURN,
        "what goes to excluded " + network + " passes",
        Settings.EXCLUDED_SERVERS);
  }

  private List<Rule> ports() {
    PortRules ports = new PortRules("outbound connections", TO_ENVOY);
    return outbound.includePorts().isEmpty()
        ? ports.excluding(outbound.excludePorts(), Settings.OUTBOUND_EXCLUDE, Settings.OUTBOUND)
        : ports.including(outbound.includePorts(), Settings.OUTBOUND_INCLUDE);
  }

  private IpAddress passthroughSource() {
    return IpAddress.parse(family.passthroughSource()).orElseThrow();
  }

  private static Rule fixed(String reason, Match... matches) {
    return new Rule(List.of(matches), RETURN, reason, "");
  }
}
