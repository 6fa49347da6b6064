package io.sluice.rendering.trace;

import io.sluice.rendering.trace.EnvoyPath.Way;
import io.sluice.rendering.trace.Verdict.Redirection;
import io.sluice.resources.net.HostPort;
import io.sluice.resources.transparentproxy.Transport;
import java.util.Optional;
import java.util.stream.Collectors;

/** A trace in one line of plain words. */
final class Summary {

  private Summary() {}

  static String of(Packet packet, Verdict verdict, String because, Optional<EnvoyPath> envoy) {
    String subject = packet(packet);
    return "%s%s %s: %s%s"
        .formatted(
            Character.toUpperCase(subject.charAt(0)),
            subject.substring(1),
            verdict(verdict),
            because,
            envoy.map(path -> "; " + envoy(path)).orElse(""));
  }

  /** The packet as the subject of a sentence. */
  static String packet(Packet packet) {
    String forWhom =
        switch (packet.direction()) {
          case INBOUND -> " for ";
          case OUTBOUND -> " to ";
        };
    return kind(packet) + by(packet) + from(packet) + forWhom + destination(packet);
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Untouched() -> "passes untouched";
      case Verdict.Dropped() -> "is dropped";
      case Verdict.Redirected(Redirection to, int port) ->
          "is redirected to "
              + switch (to) {
                case INBOUND -> "Envoy's inbound port ";
                case OUTBOUND -> "Envoy's outbound port ";
                case DNS -> "the resolver's port ";
              }
              + port;
    };
  }

  static String envoy(EnvoyPath path) {
    if (path.filterChain().refuses()) {
      return "listener %s closes the connection: %s"
          .formatted(path.listener().name(), path.filterChain().why());
    }
    return "listener %s %s"
        .formatted(
            path.listener().name(),
            path.ways().stream().map(Summary::way).collect(Collectors.joining(", ")));
  }

  private static String way(Way way) {
    String what = way.request().map(request -> "requests for " + request).orElse("the connection");
    return switch (way) {
      case Way.Answered(var _, int status) -> "answers %s with %d".formatted(what, status);
      case Way.ToCluster to when to.endpoints().isEmpty() ->
          "passes %s nowhere: cluster %s has no endpoints".formatted(what, to.cluster());
      case Way.ToCluster to ->
          "passes %s to %s%s, cluster %s"
              .formatted(
                  what,
                  String.join(", ", to.endpoints()),
                  to.source().map(source -> " from " + source).orElse(""),
                  to.cluster());
    };
  }

  private static String kind(Packet packet) {
    String protocol = packet.protocol().name();
    return switch (packet.state()) {
      case ESTABLISHED -> "a " + protocol + " packet of an established connection";
      case INVALID -> "a " + protocol + " packet of no connection";
      case NEW ->
          packet.syn()
              ? "a new TCP connection"
              : packet.protocol() == Transport.TCP
                  ? "a TCP packet from the middle of a connection that conntrack does not know"
                  : "a UDP packet";
    };
  }

  private static String from(Packet packet) {
    String source =
        packet.source() == null
            ? ""
            : packet.sourcePort() == null
                ? packet.source().toString()
                : new HostPort(packet.source().toString(), packet.sourcePort()).toString();
    return source.isEmpty() ? "" : " from " + source;
  }

  private static String by(Packet packet) {
    return switch (packet.direction()) {
      case INBOUND ->
          packet.networkInterface() == null
              ? " arriving"
              : " arriving by " + packet.networkInterface();
      case OUTBOUND -> {
        String owner = owner(packet.owner());
        yield owner.isEmpty() ? " of this host" : " of " + owner;
      }
    };
  }

  private static String owner(Owner owner) {
    StringBuilder text = new StringBuilder();
    if (owner.user() != null) {
      text.append(", user ").append(owner.user());
    }
    if (owner.uid() != null) {
      text.append(", uid ").append(owner.uid());
    }
    if (owner.group() != null) {
      text.append(", group ").append(owner.group());
    }
    if (owner.gid() != null) {
      text.append(", gid ").append(owner.gid());
    }
    return text.isEmpty() ? "" : text.substring(2);
  }

  private static String destination(Packet packet) {
    return new HostPort(packet.destination().toString(), packet.port()).toString();
  }
}
