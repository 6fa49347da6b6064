package io.sluice.rendering.services;

import static io.sluice.rendering.services.Declared.address;
import static io.sluice.rendering.services.Declared.backend;
import static io.sluice.rendering.services.Declared.dataplane;
import static io.sluice.rendering.services.Declared.health;
import static io.sluice.rendering.services.Declared.presence;
import static io.sluice.rendering.services.Declared.resolved;
import static io.sluice.rendering.services.Declared.tags;
import static io.sluice.rendering.services.Declared.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.discovery.VirtualAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  private static final Dataplane ONE = dataplane("one", "10.0.0.1", "backend");
  private static final Dataplane TWO = dataplane("two", "10.0.0.2", "backend", "version=v2");

  private final Catalogue empty = Catalogue.empty();

  @Test
  void endpointsOfAServiceAreTheInboundsThatCarryItsTagSorted() {
    assertThat(dialled(empty.with(TWO).with(ONE).with(dataplane("web", "10.0.0.3", "web"))))
        .containsExactly("10.0.0.1:8080", "10.0.0.2:8080");
  }

  @Test
  void furtherTagsSelectTheEndpointsThatCarryThemAll() {
    assertThat(dialled(empty.with(ONE).with(TWO), "backend", "version=v2"))
        .containsExactly("10.0.0.2:8080");
  }

  @Test
  void theAdvertisedAddressIsDialledWhateverTheInboundsAddressIs() {
    Dataplane advertised =
        written(
            "one",
            "address: 10.0.0.1, advertisedAddress: 192.0.2.1, inbound: ["
                + "{port: 80, address: 10.0.0.7, tags: {kuma.io/service: backend}}]");

    assertThat(dialled(empty.with(advertised))).containsExactly("192.0.2.1:80");
  }

  @Test
  void anInboundOnAllAddressesIsReachedAtItsHosts() {
    Catalogue catalogue = empty.with(backend("one", "address: 0.0.0.0"));

    assertThat(dialled(catalogue)).containsExactly("10.0.0.1:80");
    assertThat(direct(catalogue)).containsExactly("10.0.0.1:80");
  }

  @Test
  void anInboundOnLoopbackIsNoEndpointForOthers() {
    Catalogue catalogue = empty.with(backend("one", "address: 127.0.0.1"));

    assertThat(dialled(catalogue)).isEmpty();
    assertThat(direct(catalogue)).isEmpty();
    assertThat(absences(catalogue)).containsExactly(Absence.UNREACHABLE);
  }

  @Test
  void anInboundOnLoopbackIsReachedAtTheAdvertisedAddressAndNotDirectly() {
    Catalogue catalogue =
        empty.with(
            written(
                "one",
                "address: 10.0.0.1, advertisedAddress: 192.0.2.1, inbound: ["
                    + "{port: 80, address: 127.0.0.1, tags: {kuma.io/service: backend}}]"));

    assertThat(dialled(catalogue)).containsExactly("192.0.2.1:80");
    assertThat(direct(catalogue)).isEmpty();
  }

  @Test
  void dataplanesOfOneMachineReachEachOtherOnLoopback() {
    assertThat(dialled(empty.with(dataplane("one", "127.0.0.1", "backend"))))
        .containsExactly("127.0.0.1:8080");
  }

  @Test
  void aHostsNameStandsForAllItsAddressesOnceItIsResolved() {
    Catalogue catalogue =
        empty.with(
            written(
                "one",
                "address: host.example, advertisedAddress: 192.0.2.1, inbound: ["
                    + "{port: 80, address: 0.0.0.0, serviceAddress: 127.0.0.1, tags: {kuma.io/service: backend}}]"));

    assertThat(catalogue.unliteral()).containsExactly("host.example");
    assertThat(direct(catalogue)).isEmpty();
    assertThat(direct(catalogue.with(resolved("host.example", "10.0.0.9"))))
        .containsExactly("10.0.0.9:80");
  }

  @Test
  void twoDataplanesBehindOneAddressAndPortAreOneEndpoint() {
    assertThat(dialled(empty.with(ONE).with(dataplane("other", "10.0.0.1", "backend"))))
        .containsExactly("10.0.0.1:8080");
  }

  @Test
  void anInboundThatIsNotReadyTakesNoTraffic() {
    Dataplane notReady = backend("one", "state: NotReady");

    Catalogue catalogue = empty.with(notReady);

    assertThat(dialled(catalogue)).isEmpty();
    assertThat(absences(catalogue)).containsExactly(Absence.STATE);
  }

  @Test
  void anInboundWhoseHealthIsDeclaredBadTakesNoTraffic() {
    Dataplane unhealthy = backend("one", "health: {ready: false}");

    Catalogue catalogue = empty.with(unhealthy);

    assertThat(dialled(catalogue)).isEmpty();
    assertThat(absences(catalogue)).containsExactly(Absence.HEALTH);
  }

  @Test
  void anIgnoredInboundIsNoOffer() {
    Dataplane ignored = backend("one", "state: Ignored");

    assertThat(empty.with(ignored).services()).isEmpty();
    assertThat(empty.with(ignored).hosts()).isEmpty();
  }

  @Test
  void theServicelessPortIsNoOffer() {
    assertThat(
            empty
                .with(
                    written(
                        "one",
                        "address: 10.0.0.1, inbound: [{port: 49151, tags: {kuma.io/service: one}}]"))
                .hosts())
        .isEmpty();
  }

  @Test
  void aProbedInboundTakesTrafficOnlyOnceItWasFoundToAnswer() {
    Catalogue probed = empty.with(backend("one", "serviceProbe: {tcp: {}}"));

    assertThat(absences(probed)).containsExactly(Absence.PROBE);
    assertThat(dialled(probed.with(health("one", "10.0.0.1:80", false)))).isEmpty();
    assertThat(dialled(probed.with(health("one", "10.0.0.1:80", true))))
        .containsExactly("10.0.0.1:80");
    assertThat(dialled(probed.with(health("one", "10.0.0.1:80", true)).withoutHealth("one")))
        .isEmpty();
  }

  @Test
  void anInboundWithoutAProbeIsNotConcernedByWhatProbesFound() {
    assertThat(dialled(empty.with(ONE).with(health("one", "10.0.0.1:8080", false)))).hasSize(1);
  }

  @Test
  void aDataplaneThatIsAwayOrGoneHasNoEndpointsAndOneThatIsKeptDoes() {
    Catalogue catalogue = empty.with(ONE);

    assertThat(dialled(catalogue.with(presence("one", State.AWAY)))).isEmpty();
    assertThat(dialled(catalogue.with(presence("one", State.GONE)))).isEmpty();
    assertThat(dialled(catalogue.with(presence("one", State.KEPT)))).hasSize(1);
    assertThat(dialled(catalogue.with(presence("one", State.AWAY)).withoutPresence("one")))
        .hasSize(1);
  }

  @Test
  void whatIsKnownOfADataplaneMayComeBeforeIt() {
    assertThat(dialled(empty.with(presence("one", State.AWAY)).with(ONE))).isEmpty();
  }

  @Test
  void aNameIsDialledByItsAddressAndNotAtAllWhileItHasNone() {
    Catalogue named = empty.with(dataplane("one", "Host.Example", "backend"));

    assertThat(named.unliteral()).containsExactly("host.example");
    assertThat(absences(named)).containsExactly(Absence.UNRESOLVED);
    Catalogue known = named.with(resolved("host.example", "192.0.2.9"));
    assertThat(dialled(known)).containsExactly("192.0.2.9:8080");
    assertThat(dialled(known.withoutResolved("host.example"))).isEmpty();
    assertThat(named.withoutDataplane("one").unliteral()).isEmpty();
  }

  @Test
  void aDataplaneIsLocatedWhereItsHostsNameLeadsAndStaysAsDeclaredWhileThatIsUnknown() {
    Dataplane named = dataplane("one", "Host.Example", "backend");
    Dataplane gateway =
        written("two", "address: gw.example, gateway: {tags: {kuma.io/service: gw}}");
    Catalogue unknown = empty.with(named).with(gateway);
    assertThat(unknown.unliteral()).containsExactly("gw.example", "host.example");
    assertThat(unknown.located(named)).isEqualTo(named);

    Catalogue known = unknown.with(resolved("host.example", "192.0.2.9"));

    assertThat(known.located(named)).isEqualTo(dataplane("one", "192.0.2.9", "backend"));
    assertThat(known.located(gateway)).isEqualTo(gateway);
    assertThat(known.usersOf("HOST.example")).containsExactly("one");
    Dataplane literal = dataplane("three", "192.0.2.1", "backend");
    assertThat(known.located(literal)).isSameAs(literal);
  }

  @Test
  void theProtocolIsThatOfTheDeclaredInboundsNotOfTheReadyOnes() {
    Catalogue catalogue =
        empty
            .with(dataplane("one", "10.0.0.1", "backend", "kuma.io/protocol=http"))
            .with(presence("one", State.AWAY));

    assertThat(catalogue.destination(tags("backend")).protocol()).isEqualTo(Protocol.HTTP);
  }

  @Test
  void mixedProtocolsStepDownToWhatAllSpeak() {
    assertThat(mixed("http", "http")).isEqualTo(Protocol.HTTP);
    assertThat(mixed("grpc", "http2")).isEqualTo(Protocol.HTTP2);
    assertThat(mixed("http", "http2")).isEqualTo(Protocol.TCP);
    assertThat(mixed("http", "kafka")).isEqualTo(Protocol.TCP);
    assertThat(empty.destination(tags("nobody")).protocol()).isEqualTo(Protocol.TCP);
  }

  @Test
  void aDestinationIsTheSameObjectWhileNothingOfItChanges() {
    Catalogue before = empty.with(ONE).with(TWO);
    Destination backend = before.destination(tags("backend"));

    Catalogue after = before.with(dataplane("web", "10.0.0.3", "web")).with(address("web.mesh", 1));

    assertThat(after.destination(tags("backend"))).isSameAs(backend);
    assertThat(after.with(presence("one", State.AWAY)).destination(tags("backend")))
        .isNotSameAs(backend);
    assertThat(after.with(presence("one", State.AWAY)).destination(tags("backend", "version=v2")))
        .isSameAs(after.destination(tags("backend", "version=v2")));
  }

  @Test
  void everyServiceHasItsNameOnPort80AndWithDotsForUnderscores() {
    assertThat(empty.with(dataplane("one", "10.0.0.1", "a_b")).hosts())
        .containsExactly("a.b.mesh", "a_b.mesh");
  }

  @Test
  void aServiceWhoseNameIsNoDnsNameHasNoneAndItIsShown() {
    Catalogue catalogue = empty.with(dataplane("one", "10.0.0.1", "a:b"));

    assertThat(catalogue.hosts()).isEmpty();
    assertThat(catalogue.names().skipped())
        .singleElement()
        .satisfies(
            skipped -> {
              assertThat(skipped.dataplane()).isEqualTo("one");
              assertThat(skipped.reason()).isEqualTo("\"a:b.mesh\" is no DNS name");
            });
  }

  @Test
  void aServiceInUpperCaseTakesNoNameFromTheOneThatIsSpelledAsTheName() {
    Catalogue catalogue =
        empty.with(dataplane("one", "10.0.0.1", "app")).with(dataplane("two", "10.0.0.2", "APP"));

    Name name = catalogue.names().names().getFirst();

    assertThat(name.host()).isEqualTo("app.mesh");
    assertThat(name.ports().getFirst().winner().service()).isEqualTo("app");
    assertThat(name.ports().getFirst().losers()).extracting(Claim::service).containsExactly("APP");
  }

  @Test
  void twoServicesThatWantOneNameAreDecidedByTheirOwnNamesAndTheLoserIsShown() {
    Catalogue catalogue =
        empty.with(dataplane("one", "10.0.0.1", "a.b")).with(dataplane("two", "10.0.0.2", "a_b"));

    Name name = catalogue.names().names().getFirst();

    assertThat(name.host()).isEqualTo("a.b.mesh");
    assertThat(name.ports().getFirst().winner().service()).isEqualTo("a.b");
    assertThat(name.ports().getFirst().losers()).extracting(Claim::service).containsExactly("a_b");
  }

  @Test
  void aServicesOwnNameWinsOverTheDottedNameOfAnotherWhateverTheirLetters() {
    Catalogue catalogue =
        empty
            .with(dataplane("one", "10.0.0.1", "a.B"))
            .with(dataplane("two", "10.0.0.2", "A_B"))
            .with(dataplane("three", "10.0.0.3", "A_b"));

    Name name = catalogue.names().names().getFirst();

    assertThat(name.host()).isEqualTo("a.b.mesh");
    assertThat(name.ports().getFirst().winner().service()).isEqualTo("a.B");
    assertThat(name.ports().getFirst().losers())
        .extracting(Claim::service)
        .containsExactly("A_B", "A_b");
  }

  @Test
  void aNameHasListenersOnceItHasAddresses() {
    Catalogue catalogue = empty.with(ONE);
    VirtualAddress address = address("backend.mesh", 1);

    assertThat(catalogue.reach(List.of()).listeners()).isEmpty();
    Reach reach = catalogue.with(address).reach(List.of());
    assertThat(reach.listeners())
        .containsExactly(
            new VirtualListener(
                "backend.mesh", address, 80, catalogue.destination(tags("backend"))));
    assertThat(reach.names()).containsOnlyKeys("backend.mesh");
    assertThat(reach.destinations()).containsExactly(catalogue.destination(tags("backend")));
  }

  @Test
  void aReleasedAddressIsNone() {
    VirtualAddress used = address("backend.mesh", 1);
    VirtualAddress released =
        new VirtualAddress("default", used.name(), used.ipv4(), used.ipv6(), Instant.EPOCH);

    assertThat(empty.with(ONE).with(used).with(released).reach(List.of()).names()).isEmpty();
  }

  @Test
  void aNameStaysWhenTheLastEndpointLeavesAndGoesWithTheLastInbound() {
    Catalogue catalogue =
        empty.with(ONE).with(address("backend.mesh", 1)).with(presence("one", State.AWAY));

    assertThat(catalogue.reach(List.of()).names()).hasSize(1);
    assertThat(catalogue.withoutDataplane("one").reach(List.of()).names()).isEmpty();
  }

  @Test
  void reachableServicesLimitListenersAndNames() {
    Catalogue catalogue =
        empty
            .with(ONE)
            .with(dataplane("web", "10.0.0.3", "web"))
            .with(address("backend.mesh", 1))
            .with(address("web.mesh", 2));

    assertThat(catalogue.reach(List.of()).names()).containsOnlyKeys("backend.mesh", "web.mesh");
    assertThat(catalogue.reach(List.of("web", "unknown")).names()).containsOnlyKeys("web.mesh");
    assertThat(catalogue.reach(List.of("unknown")).listeners()).isEmpty();
  }

  @Test
  void aReachIsTheSameObjectWhileNothingInItChanges() {
    Catalogue before =
        empty
            .with(ONE)
            .with(dataplane("web", "10.0.0.3", "web"))
            .with(address("backend.mesh", 1))
            .with(address("web.mesh", 2));
    Reach all = before.reach(List.of());
    Reach backend = before.reach(List.of("backend"));

    Catalogue after = before.with(presence("web", State.AWAY));

    assertThat(after.reach(List.of("backend"))).isSameAs(backend);
    assertThat(after.reach(List.of())).isNotSameAs(all);
    assertThat(after.reach(List.of()).names()).isSameAs(all.names());
    assertThat(after.withoutPresence("web").reach(List.of())).isSameAs(all);
  }

  @Test
  void directAccessIsToTheListenersOfAServiceReadyOrNot() {
    Catalogue catalogue =
        empty
            .with(
                written(
                    "one",
                    "address: 10.0.0.1, advertisedAddress: 192.0.2.1, inbound: ["
                        + "{port: 80, tags: {kuma.io/service: backend}}]"))
            .with(presence("one", State.AWAY))
            .with(dataplane("web", "10.0.0.3", "web"));

    assertThat(catalogue.directAccess(List.of("backend")))
        .extracting(each -> each.place().toString())
        .containsExactly("10.0.0.1:80");
    assertThat(catalogue.directAccess(List.of("*")))
        .extracting(Endpoint::dataplane)
        .containsExactly("one", "web");
    assertThat(catalogue.directAccess(List.of("web")))
        .isSameAs(catalogue.with(TWO).directAccess(List.of("web")));
  }

  private Protocol mixed(String one, String other) {
    return empty
        .with(dataplane("one", "10.0.0.1", "backend", "kuma.io/protocol=" + one))
        .with(dataplane("two", "10.0.0.2", "backend", "kuma.io/protocol=" + other))
        .destination(tags("backend"))
        .protocol();
  }

  private static List<Absence> absences(Catalogue catalogue) {
    return catalogue.service("backend").orElseThrow().offers().getFirst().absences();
  }

  private static List<String> direct(Catalogue catalogue) {
    return catalogue.directAccess(List.of("backend")).stream()
        .map(each -> each.place().toString())
        .toList();
  }

  private static List<String> dialled(Catalogue catalogue, String... tags) {
    return catalogue
        .destination(tags(tags.length == 0 ? new String[] {"backend"} : tags))
        .endpoints()
        .stream()
        .map(each -> each.place().toString())
        .toList();
  }
}
