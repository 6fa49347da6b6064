package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All that is known about one dataplane; any of it may come before the rest. */
record Member(
    @Nullable Dataplane dataplane,
    @Nullable DataplaneHealth health,
    @Nullable DataplanePresence presence) {

  static final Member UNKNOWN = new Member(null, null, null);

  Member with(@Nullable Dataplane other) {
    return new Member(other, health, presence);
  }

  Member with(@Nullable DataplaneHealth other) {
    return new Member(dataplane, other, presence);
  }

  Member with(@Nullable DataplanePresence other) {
    return new Member(dataplane, health, other);
  }

  boolean isUnknown() {
    return equals(UNKNOWN);
  }

  /** The DNS names that have to be resolved for it, each in its one spelling. */
  NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>();
    if (dataplane != null) {
      Networking networking = dataplane.networking();
      Literals.name(networking.address()).ifPresent(names::add);
      for (Inbound inbound : networking.inbound()) {
        networking.direct(inbound).flatMap(at -> Literals.name(at.address())).ifPresent(names::add);
        Literals.name(networking.dialled(inbound).address()).ifPresent(names::add);
      }
    }
    return names;
  }

  /** Its inbounds that offer a service, as they are declared. */
  List<Offer> offers(Literals literals) {
    List<Offer> offers = new ArrayList<>();
    if (dataplane != null) {
      for (Inbound inbound : dataplane.networking().inbound()) {
        if (inbound.state() != Inbound.State.IGNORED
            && inbound.offersService()
            && inbound.tags().containsKey(Inbound.SERVICE_TAG)) {
          offers.add(offer(dataplane, inbound, literals));
        }
      }
    }
    return offers;
  }

  private Offer offer(Dataplane of, Inbound inbound, Literals literals) {
    Networking networking = of.networking();
    HostPort listener = networking.listener(inbound).canonical();
    HostPort dialled = networking.dialled(inbound).canonical();
    Optional<Endpoint> endpoint =
        networking.isDialled(inbound) ? endpoint(of, dialled, inbound, literals) : Optional.empty();
    Optional<Endpoint> direct =
        networking
            .direct(inbound)
            .map(HostPort::canonical)
            .flatMap(at -> at.equals(dialled) ? endpoint : endpoint(of, at, inbound, literals));
    return new Offer(
        of.name(),
        listener,
        dialled.equals(listener) ? listener : dialled,
        inbound.tags(),
        endpoint,
        direct,
        absences(networking, inbound, endpoint.isPresent()));
  }

  private static Optional<Endpoint> endpoint(
      Dataplane of, HostPort at, Inbound inbound, Literals literals) {
    return literals
        .literal(at.address())
        .map(address -> new Endpoint(address, at.port(), of.name(), inbound.tags()));
  }

  private List<Absence> absences(Networking of, Inbound inbound, boolean located) {
    List<Absence> absences = new ArrayList<>();
    if (inbound.state() == Inbound.State.NOT_READY) {
      absences.add(Absence.STATE);
    }
    if (inbound.health() != null && !inbound.health().ready()) {
      absences.add(Absence.HEALTH);
    }
    if (inbound.serviceProbe() != null && (health == null || !health.answers(of, inbound))) {
      absences.add(Absence.PROBE);
    }
    if (presence != null) {
      switch (presence.state()) {
        case AWAY -> absences.add(Absence.AWAY);
        case GONE -> absences.add(Absence.GONE);
        case KEPT -> {}
      }
    }
    if (!located) {
      absences.add(of.isDialled(inbound) ? Absence.UNRESOLVED : Absence.UNREACHABLE);
    }
    return absences;
  }
}
