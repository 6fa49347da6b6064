package io.sluice.rendering.services;

import static io.sluice.rendering.services.Declared.address;
import static io.sluice.rendering.services.Declared.health;
import static io.sluice.rendering.services.Declared.presence;
import static io.sluice.rendering.services.Declared.resolved;
import static io.sluice.rendering.services.Declared.tags;
import static io.sluice.rendering.services.Declared.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is edited in whatever order, a catalogue is what building it anew gives. */
class CatalogueEditsTest {

  private static final int EDITS = 150;
  private static final List<String> SERVICES = List.of("web", "api", "a_b", "a.b", "No:Name");
  private static final List<String> HOSTS =
      List.of("web.mesh", "api.mesh", "a.b.mesh", "a_b.mesh", "x.mesh", "web-v1.mesh");
  private static final List<List<String>> REACHES =
      List.of(List.of(), List.of("web"), List.of("a.b", "a_b"), List.of("api", "absent"));

  private Random random = new Random(0);

  /** Who is there, by what it is; the way to put each in. */
  private final Map<String, UnaryOperator<Catalogue>> present = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void editsGiveWhatBuildingAnewGives(long seed) {
    random = new Random(seed);
    Catalogue edited = Catalogue.empty();
    for (int i = 0; i < EDITS; i++) {
      Object before = seen(edited);
      List<Object> given = given(edited);
      Catalogue now = edit(edited);
      assertThat(identical(given, given(now))).as("what did not change is the same").isTrue();
      assertThat(seen(edited)).as("the catalogue before is as it was").isEqualTo(before);
      edited = now;
      assertThat(seen(edited)).as("after edit %d of seed %d", i, seed).isEqualTo(seen(anew()));
    }
    for (String key : List.copyOf(present.keySet())) {
      edited = remove(edited, key);
    }
    assertThat(edited.isEmpty()).as("nothing is left of seed %d", seed).isTrue();
    assertThat(edited.hosts()).isEmpty();
    assertThat(edited.unliteral()).isEmpty();
  }

  private Catalogue edit(Catalogue catalogue) {
    String key =
        switch (random.nextInt(6)) {
          case 0 -> "health d" + random.nextInt(5);
          case 1 -> "presence d" + random.nextInt(5);
          case 2 -> "resolved h" + random.nextInt(2) + ".example";
          case 3 -> "address " + one(HOSTS);
          case 4 -> "outbound o" + random.nextInt(4);
          default -> "dataplane d" + random.nextInt(5);
        };
    if (present.containsKey(key) && random.nextInt(3) == 0) {
      return remove(catalogue, key);
    }
    UnaryOperator<Catalogue> put = put(key.substring(0, key.indexOf(' ')), name(key));
    present.put(key, put);
    return put.apply(catalogue);
  }

  private Catalogue remove(Catalogue catalogue, String key) {
    present.remove(key);
    String name = name(key);
    return switch (key.substring(0, key.indexOf(' '))) {
      case "health" -> catalogue.withoutHealth(name);
      case "presence" -> catalogue.withoutPresence(name);
      case "resolved" -> catalogue.withoutResolved(name);
      case "address" -> catalogue.withoutVirtualAddress(name);
      case "outbound" -> catalogue.withoutVirtualOutbound(name);
      default -> catalogue.withoutDataplane(name);
    };
  }

  private UnaryOperator<Catalogue> put(String kind, String name) {
    return switch (kind) {
      case "health" -> {
        DataplaneHealth health = health(name, "10.0.0.1:80", random.nextBoolean());
        yield catalogue -> catalogue.with(health);
      }
      case "presence" -> {
        DataplanePresence presence = presence(name, one(List.of(State.values())));
        yield catalogue -> catalogue.with(presence);
      }
      case "resolved" -> {
        ResolvedAddress resolved = resolved(name, "192.0.2." + random.nextInt(3));
        yield catalogue -> catalogue.with(resolved);
      }
      case "address" -> {
        VirtualAddress address = address(name, 1 + HOSTS.indexOf(name) + 10 * random.nextInt(2));
        yield catalogue -> catalogue.with(address);
      }
      case "outbound" -> {
        VirtualOutbound outbound = outbound(name);
        long created = random.nextInt(3);
        yield catalogue -> catalogue.with(outbound, created);
      }
      default -> {
        Dataplane dataplane = written(name, networking());
        yield catalogue -> catalogue.with(dataplane);
      }
    };
  }

  private VirtualOutbound outbound(String name) {
    return Declared.outbound(
        name,
        one(
            List.of(
                "{match: {kuma.io/service: '*'}}",
                "{match: {kuma.io/service: web, version: '*'}}",
                "{match: {version: v1}}, {match: {kuma.io/service: '*', team: x}}")),
        one(List.of("{{.service}}.mesh", "x.mesh", "{{.service}}-{{.v}}.mesh")),
        one(List.of("80", "8080", "{{.t}}")),
        "v=version",
        "t=team");
  }

  private String networking() {
    StringBuilder inbounds = new StringBuilder();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      inbounds
          .append(i == 0 ? "" : ", ")
          .append("{port: ")
          .append(80 + i)
          .append(", tags: {kuma.io/service: '")
          .append(one(SERVICES))
          .append("'")
          .append(one(List.of("", ", version: v1", ", version: v2")))
          .append(one(List.of("", ", team: x", ", team: '81'")))
          .append(one(List.of("", ", kuma.io/protocol: http", ", kuma.io/protocol: grpc")))
          .append("}")
          .append(one(List.of("", "", ", state: NotReady", ", state: Ignored")))
          .append(one(List.of("", "", ", health: {ready: false}", ", serviceProbe: {tcp: {}}")))
          .append("}");
    }
    return one(
            List.of(
                "address: 10.0.0.1",
                "address: h0.example",
                "address: 10.0.0.2, advertisedAddress: h1.example"))
        + ", inbound: ["
        + inbounds
        + "]";
  }

  private Catalogue anew() {
    List<UnaryOperator<Catalogue>> shuffled = new ArrayList<>(present.values());
    Collections.shuffle(shuffled, random);
    Catalogue catalogue = Catalogue.empty();
    for (UnaryOperator<Catalogue> each : shuffled) {
      catalogue = each.apply(catalogue);
    }
    return catalogue;
  }

  /** What a catalogue gives as one object while it does not change. */
  private static List<Object> given(Catalogue catalogue) {
    List<Object> given = new ArrayList<>();
    REACHES.forEach(services -> given.add(catalogue.reach(services)));
    REACHES.forEach(services -> given.add(catalogue.reach(services).names()));
    REACHES.forEach(services -> given.add(catalogue.directAccess(services)));
    SERVICES.forEach(service -> given.add(catalogue.destination(tags(service, "version=v2"))));
    return given;
  }

  @SuppressWarnings("ReferenceEquality") // that is what is promised
  private static boolean identical(List<Object> before, List<Object> now) {
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).equals(now.get(i)) && before.get(i) != now.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** All that a catalogue tells. */
  private static Object seen(Catalogue catalogue) {
    List<Object> seen = new ArrayList<>();
    catalogue.services().forEach(each -> seen.add(List.of(each.name(), each.offers())));
    seen.add(catalogue.names());
    seen.add(List.copyOf(catalogue.hosts()));
    seen.add(List.copyOf(catalogue.unliteral()));
    for (List<String> services : REACHES) {
      seen.add(catalogue.reach(services));
      seen.add(catalogue.directAccess(services));
    }
    seen.add(catalogue.directAccess(List.of("*")));
    for (String service : SERVICES) {
      seen.add(catalogue.destination(tags(service)));
      seen.add(catalogue.destination(tags(service, "version=v1")));
    }
    return seen;
  }

  private static String name(String key) {
    return key.substring(key.indexOf(' ') + 1);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
