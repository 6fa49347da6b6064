package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.changes.Offers;
import io.sluice.controlplane.discovery.ForeseenAddresses;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What meshes offer before and after some writes. Names that are new have the addresses that they
 * would get now: without any they would lead nowhere.
 */
final class Offered {

  private final Map<String, Catalogue> before = new HashMap<>();
  private final Map<String, Catalogue> after = new HashMap<>();
  private final SortedSet<String> changed = new TreeSet<>();
  private final Map<String, Set<String>> provisional = new HashMap<>();
  private final MeshViews views;

  Offered(MeshViews views, ForeseenAddresses addresses, Collection<WriteResult> results) {
    this.views = views;
    for (WriteResult result : results) {
      ResourceKey key = result.stored().key();
      result.replaced().ifPresent(gone -> put(gone, Offers.without(after(gone.mesh()), gone)));
      put(key, Offers.with(after(key.mesh()), result.stored()));
    }
    changed.forEach(mesh -> giveAddresses(mesh, addresses));
  }

  /** A host that is not new waits for its addresses whatever is written. */
  private void giveAddresses(String mesh, ForeseenAddresses addresses) {
    Set<String> hosts = new TreeSet<>(after(mesh).hostsWithoutAddress());
    hosts.removeAll(before(mesh).hosts());
    if (hosts.isEmpty()) {
      return;
    }
    Set<String> given = new HashSet<>();
    Catalogue now = after(mesh);
    for (VirtualAddress address : addresses.of(mesh, hosts)) {
      now = now.with(address);
      given.add(address.name());
    }
    after.put(mesh, now);
    provisional.put(mesh, given);
  }

  Catalogue before(String mesh) {
    return before.computeIfAbsent(mesh, views::catalogue);
  }

  Catalogue after(String mesh) {
    return after.getOrDefault(mesh, before(mesh));
  }

  /** The hosts of a mesh whose addresses may become others. */
  Set<String> provisional(String mesh) {
    return provisional.getOrDefault(mesh, Set.of());
  }

  /** The meshes of which others may see something else. */
  SortedSet<String> changed() {
    return changed;
  }

  /** Most edits of a dataplane change nothing for others. */
  private void put(ResourceKey key, Catalogue now) {
    Catalogue last = after(key.mesh());
    boolean same =
        key.type().equals(Dataplane.TYPE)
            ? now.offers(key.name()).equals(last.offers(key.name()))
            : now == last;
    if (!same) {
      changed.add(key.mesh());
    }
    after.put(key.mesh(), now);
  }
}
