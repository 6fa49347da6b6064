package io.sluice.controlplane.api;

import io.sluice.controlplane.api.ServiceAnswer.Reachable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who can reach which services of a mesh.
 *
 * @param unlimited the dataplanes that reach all services
 * @param limited those that reach some, by service
 */
record Reached(SortedSet<String> unlimited, Map<String, SortedSet<String>> limited) {

  private static final int NAMED = 100;

  static Reached nobody() {
    return new Reached(new TreeSet<>(), new HashMap<>());
  }

  void add(String dataplane, String service) {
    limited.computeIfAbsent(service, each -> new TreeSet<>()).add(dataplane);
  }

  Reachable by(String service) {
    SortedSet<String> listed = limited.getOrDefault(service, new TreeSet<>());
    SortedSet<String> all = new TreeSet<>(listed);
    all.addAll(unlimited);
    List<String> first = new ArrayList<>(all.stream().limit(NAMED).toList());
    return new Reachable(all.size(), first);
  }
}
