package io.sluice.rendering.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class RoutesTest {

  private final Routes routes = new Routes(NameIndex.EMPTY, TreePMap.empty());

  @Test
  void listsOfDataplanesThatCameAndWentAreForgottenAndThatOfAllServicesStays() {
    Routes.Routed all = to(Collections.emptySortedSet());
    Routes.Routed former = to(list("former"));

    for (int i = 0; i < 5000; i++) {
      to(list("service-" + i));
    }

    assertThat(to(Collections.emptySortedSet())).isSameAs(all);
    assertThat(to(list("former"))).isNotSameAs(former);
    assertThat(to(list("service-4999"))).isSameAs(to(list("service-4999")));
  }

  private Routes.Routed to(SortedSet<String> services) {
    return routes.to(services, names -> names);
  }

  private static SortedSet<String> list(String service) {
    return new TreeSet<>(List.of(service));
  }
}
