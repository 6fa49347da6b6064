package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;
import io.sluice.rendering.services.Destination;
import io.sluice.rendering.services.Reach;
import io.sluice.rendering.services.VirtualListener;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.dataplane.Protocol;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The folders of services, made once for all dataplanes that see the same of them. When an endpoint
 * changes its file is printed once, and one manifest written for each reach in which it is.
 */
final class SharedFolders {

  private final Services services;
  private final Held<Of<Reach>, Folder> folders = new Held<>();
  private final Held<List<OutboundListener>, Folder> listeners = new Held<>();
  private final Held<List<Cluster>, Folder> clusters = new Held<>();
  private final Held<Of<SortedMap<String, VirtualAddress>>, Content> hosts = new Held<>();

  SharedFolders(Services services) {
    this.services = services;
  }

  /** The listeners on virtual addresses, and the services behind them; none where nothing is. */
  Optional<Folder> mesh(Reach reach, List<IpFamily> families) {
    return reach.listeners().isEmpty()
        ? Optional.empty()
        : Optional.of(folders.of(new Of<>(reach, families), this::mesh));
  }

  /** The names that a resolver answers; none where there are none. */
  Optional<Content> hosts(Reach reach, List<IpFamily> families) {
    return reach.names().isEmpty()
        ? Optional.empty()
        : Optional.of(hosts.of(new Of<>(reach.names(), families), SharedFolders::hosts));
  }

  private Folder mesh(Of<Reach> of) {
    List<Services.Files> files = of.object().destinations().stream().map(services::files).toList();
    SortedMap<String, Node> endpoints = new TreeMap<>();
    files.forEach(each -> endpoints.put(each.name(), each.endpoints()));
    return Folder.of(
        Map.of(
            "listeners",
            listeners.of(
                listeners(of.object(), of.families(), each -> services.files(each).service()),
                this::listeners),
            "clusters",
            clusters.of(files.stream().map(Cluster::of).toList(), ignored -> clusters(files)),
            "endpoints",
            Folder.of(endpoints)));
  }

  /** The listeners on virtual addresses. */
  static List<OutboundListener> listeners(
      Reach reach, List<IpFamily> families, Function<Destination, Service> services) {
    List<OutboundListener> all = new ArrayList<>();
    for (VirtualListener each : reach.listeners()) {
      Service service = services.apply(each.destination());
      for (IpFamily family : families) {
        all.add(OutboundListener.virtual(family, each, service));
      }
    }
    return all;
  }

  /** The folder of a mesh without listeners where a dataplane has its own. */
  static Folder withoutListeners(Folder mesh, Set<HostPort> places) {
    Folder left = mesh;
    for (HostPort place : places) {
      String file = ResourceName.outbound(place).file();
      if (left.get("listeners").orElseThrow() instanceof Folder listeners
          && listeners.get(file).isPresent()) {
        left = left.with("listeners", listeners.without(file));
      }
    }
    return left;
  }

  private Folder listeners(List<OutboundListener> all) {
    SortedMap<String, Content> entries = new TreeMap<>();
    all.forEach(each -> entries.putIfAbsent(each.name().file(), services.listener(each)));
    return Folder.of(entries);
  }

  private static Folder clusters(List<Services.Files> files) {
    return Folder.of(
        files.stream().collect(Collectors.toMap(Services.Files::name, Services.Files::cluster)));
  }

  private static Content hosts(Of<SortedMap<String, VirtualAddress>> of) {
    StringBuilder lines = new StringBuilder();
    of.object()
        .forEach(
            (host, address) -> {
              for (IpFamily family : of.families()) {
                lines.append(family.of(address)).append(' ').append(host).append('\n');
              }
            });
    return Content.of(lines.toString());
  }

  /**
   * What something is made of, for these families. A reach and its names are the identical objects
   * as long as nothing in them changes; to compare all that is in them would take as long as to
   * make the folder of a small one.
   */
  private record Of<T>(T object, List<IpFamily> families) {

    // That it is the identical object is the point.
    @SuppressWarnings("ReferenceEquality")
    @Override
    public boolean equals(Object other) {
      return other instanceof Of<?>(var same, var others)
          && same == object
          && others.equals(families);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(object) + families.hashCode();
    }
  }

  /** What a cluster's file is made of. */
  private record Cluster(ResourceName name, Protocol protocol) {

    static Cluster of(Services.Files files) {
      return new Cluster(files.service().name(), files.service().protocol());
    }
  }
}
