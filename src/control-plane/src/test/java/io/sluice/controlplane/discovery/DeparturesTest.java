package io.sluice.controlplane.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.store.Samples;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Offer;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeparturesTest {

  private static final String MESH = "default";

  @Test
  void ofManySilentOnesEachServiceIsLookedThroughOnce() {
    int silent = 300;
    Catalogue catalogue = Catalogue.empty();
    List<String> leaving = new ArrayList<>();
    for (int i = 0; i < 2 * silent; i++) {
      String name = "web-" + i;
      catalogue =
          catalogue.with(Samples.dataplane(MESH, name, "10.0." + i / 250 + "." + i % 250, 80));
      if (i < silent) {
        leaving.add(name);
      }
    }
    AtomicInteger asked = new AtomicInteger();

    SortedMap<String, State> states =
        new Departures(
                catalogue,
                each -> {
                  asked.incrementAndGet();
                  return true;
                })
            .of(leaving);

    assertThat(states.values()).hasSize(silent).containsOnly(State.KEPT);
    assertThat(asked).hasValueLessThanOrEqualTo(2 * silent);
  }

  @Test
  void itIsWhatLookingThroughAllOffersForEachSilentOneFinds() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> names = new ArrayList<>();
      Catalogue catalogue = Catalogue.empty();
      for (int i = 0; i < 1 + random.nextInt(12); i++) {
        names.add("d-" + i);
        catalogue = with(catalogue, "d-" + i, random);
      }
      Set<String> kept = some(names, random);
      Set<String> silent = some(names, random);

      assertThat(new Departures(catalogue, kept::contains).of(silent))
          .as("seed %d", seed)
          .isEqualTo(lookingThroughAll(catalogue, kept, silent));
    }
  }

  private static SortedMap<String, State> lookingThroughAll(
      Catalogue catalogue, Set<String> kept, Collection<String> silent) {
    SortedMap<String, State> states = new TreeMap<>();
    for (String dataplane : silent) {
      boolean last = false;
      for (Offer offer : catalogue.offers(dataplane)) {
        boolean others =
            catalogue.service(offer.service()).orElseThrow().offers().stream()
                .anyMatch(
                    other ->
                        other.ready()
                            && !silent.contains(other.dataplane())
                            && !kept.contains(other.dataplane()));
        last |= offer.ready() && !others;
      }
      states.put(dataplane, last ? State.KEPT : State.AWAY);
    }
    return states;
  }

  private static <T> T any(T[] of, Random random) {
    return List.of(of).get(random.nextInt(of.length));
  }

  private static Set<String> some(List<String> of, Random random) {
    Set<String> some = new HashSet<>();
    of.stream().filter(each -> random.nextBoolean()).forEach(some::add);
    return some;
  }

  private static Catalogue with(Catalogue catalogue, String name, Random random) {
    List<Inbound> inbounds = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      inbounds.add(
          new Inbound(
              8080 + i,
              null,
              null,
              null,
              new TreeMap<>(Map.of(Inbound.SERVICE_TAG, "s-" + random.nextInt(4))),
              null,
              null,
              any(Inbound.State.values(), random),
              null));
    }
    Networking networking = new Networking("10.0.0.1", null, inbounds, List.of(), null, null, null);
    Catalogue more =
        catalogue.with(new Dataplane(MESH, name, new TreeMap<>(), networking, null, null));
    return random.nextInt(4) == 0
        ? more.with(new DataplanePresence(MESH, name, any(State.values(), random)))
        : more;
  }
}
