package io.sluice.rendering.trace;

import io.sluice.rendering.envoy.EnvoyConfiguration;
import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.RedirectRules;
import io.sluice.rendering.iptables.RuleSet;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.rendering.settings.SettingsOnHost;
import io.sluice.rendering.trace.TableWalk.Decision;
import io.sluice.rendering.trace.Verdict.Redirection;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.transparentproxy.Transport;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Says what becomes of packets on the host of one dataplane. */
public final class PacketTracer {

  /** A call through both sides of one Envoy is three connections long. */
  private static final int LONGEST = 3;

  private final RedirectSettings settings;
  private final List<String> aboutHost;
  private final Map<String, String> origins;
  private final EnvoyLookup envoy;
  private final Locality locality;

  /**
   * For a dataplane as it is rendered.
   *
   * @param policies the mesh's; those that do not select the dataplane do not count
   * @param facts what is known about the host
   * @param sight what the dataplane sees of the mesh's services
   * @throws io.sluice.rendering.bundle.UnrenderableException if no host can be configured by them
   */
  public PacketTracer(
      Mesh mesh,
      Dataplane dataplane,
      Collection<MeshTransparentProxy> policies,
      Optional<HostFacts> facts,
      Sight sight) {
    EffectiveTransparentProxy effective = EffectiveTransparentProxy.of(policies, dataplane);
    SettingsOnHost onHost = SettingsOnHost.of(effective, facts);
    this.settings = onHost.settings();
    this.aboutHost =
        Stream.concat(onHost.assumptions().stream(), facts.flatMap(PacketTracer::ofOthers).stream())
            .toList();
    this.origins = effective.origins();
    this.envoy =
        new EnvoyLookup(new EnvoyConfiguration().resources(mesh, dataplane, settings, sight));
    this.locality = Locality.of(dataplane, facts);
  }

  /** Rules of other programs are seen by the agent, and only counted. */
  private static Optional<String> ofOthers(HostFacts facts) {
    return facts.foreign().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the rules of others on the host (%s) do nothing to the packet"
                .formatted(String.join(", ", facts.foreign())));
  }

  /** What becomes of the packet, and of the connections that Envoy opens for it. */
  public Trace trace(Packet packet) {
    return trace(packet, LONGEST, Set.of());
  }

  /**
   * What becomes of one of so many connections in a row.
   *
   * @param told what was assumed about those before it
   */
  private Trace trace(Packet packet, int connections, Set<String> told) {
    Set<String> assumptions = new LinkedHashSet<>(aboutHost);
    Flight flight = flight(packet, assumptions);
    Netfilter netfilter =
        new Netfilter(
            rules(flight.family()),
            new Conditions(settings.proxyUser(), locality),
            origins,
            assumptions);
    Verdict verdict = verdict(netfilter.pass(flight));
    Optional<EnvoyPath> path = path(packet, flight, verdict);
    Cause cause = Cause.of(verdict, netfilter.steps(), captured(flight.family()));
    Optional<Trace> next =
        connections > 1
            ? path.flatMap(this::connection)
                .map(opened -> trace(opened, connections - 1, assumptions))
            : Optional.empty();
    return new Trace(
        packet,
        Summary.of(packet, verdict, cause.reason(), path),
        verdict,
        cause.reason(),
        cause.rule(),
        netfilter.steps(),
        path,
        next,
        assumptions.stream().filter(each -> !told.contains(each)).toList());
  }

  /** The packet at its first hook. */
  private Flight flight(Packet packet, Set<String> assumptions) {
    boolean outbound = packet.direction() == Direction.OUTBOUND;
    String networkInterface = packet.networkInterface();
    IpAddress source = packet.source();
    if (outbound && networkInterface == null) {
      Judgement local = locality.isLocal(packet.destination());
      local.assumption().ifPresent(assumptions::add);
      networkInterface = local.holds() ? Flight.LOOPBACK : null;
    }
    if (outbound && source == null && Flight.LOOPBACK.equals(networkInterface)) {
      source = chosenByKernel(packet.destination());
    }
    return new Flight(
        outbound ? Chain.OUTPUT : Chain.PREROUTING,
        packet.protocol(),
        packet.syn(),
        packet.state(),
        source,
        packet.sourcePort(),
        packet.destination(),
        packet.port(),
        packet.owner(),
        networkInterface);
  }

  /** From which address a program dials another of its own host when it does not choose one. */
  private static IpAddress chosenByKernel(IpAddress destination) {
    return destination.isLoopback()
        ? IpAddress.parse((destination.v6() ? IpFamily.V6 : IpFamily.V4).loopback()).orElseThrow()
        : destination;
  }

  private List<RuleSet> rules(IpFamily family) {
    return captured(family).isPresent() ? List.of() : new RedirectRules().rules(settings, family);
  }

  /** Why there are no rules for a family, if there are none. */
  private Optional<String> captured(IpFamily family) {
    return switch (settings.mode()) {
      case NONE -> Optional.of("nothing is captured: the dataplane's mode is none");
      case IPTABLES ->
          settings.captures(family)
              ? Optional.empty()
              : Optional.of("IPv6 is not captured on this host");
    };
  }

  private Verdict verdict(Decision decision) {
    return switch (decision) {
      case Decision.GoOn() -> new Verdict.Untouched();
      case Decision.Drop() -> new Verdict.Dropped();
      case Decision.Redirect(int port) -> new Verdict.Redirected(redirection(port), port);
    };
  }

  private Redirection redirection(int port) {
    if (port == settings.inbound().port()) {
      return Redirection.INBOUND;
    }
    if (port == settings.outbound().port()) {
      return Redirection.OUTBOUND;
    }
    if (settings.dns().filter(dns -> dns.port() == port).isPresent()) {
      return Redirection.DNS;
    }
    throw new IllegalStateException("rules redirect to a port that no setting names: " + port);
  }

  private Optional<EnvoyPath> path(Packet packet, Flight flight, Verdict verdict) {
    if (packet.protocol() != Transport.TCP || packet.state() != ConnectionState.NEW) {
      return Optional.empty();
    }
    Place meant = new Place(packet.destination(), packet.port());
    return switch (verdict) {
      case Verdict.Dropped() -> Optional.empty();
      case Verdict.Untouched() ->
          flight.isOnLoopback() || isDelivered(packet)
              ? envoy.path(meant, meant)
              : Optional.empty();
      case Verdict.Redirected(Redirection _, int port) ->
          envoy.path(new Place(packet.destination(), port), meant);
    };
  }

  private boolean isDelivered(Packet packet) {
    return packet.direction() == Direction.INBOUND
        && locality.isLocal(packet.destination()).holds();
  }

  /** The connection that Envoy opens, if there is one way and one endpoint on the network. */
  private Optional<Packet> connection(EnvoyPath path) {
    return path.ways().size() == 1
            && path.ways().getFirst() instanceof EnvoyPath.Way.ToCluster way
            && way.endpoints().size() == 1
        ? Place.parse(way.endpoints().getFirst()).map(endpoint -> connection(way, endpoint))
        : Optional.empty();
  }

  private Packet connection(EnvoyPath.Way.ToCluster way, Place endpoint) {
    return new Packet(
        Direction.OUTBOUND,
        Transport.TCP,
        way.source().flatMap(IpAddress::parse).orElse(null),
        null,
        endpoint.address(),
        endpoint.port(),
        proxy(),
        null,
        ConnectionState.NEW,
        true);
  }

  private Owner proxy() {
    String user = settings.proxyUser();
    return Conditions.isNumber(user)
        ? new Owner(null, Long.parseLong(user), Conditions.OUR_GROUP, null)
        : new Owner(user, null, Conditions.OUR_GROUP, null);
  }
}
