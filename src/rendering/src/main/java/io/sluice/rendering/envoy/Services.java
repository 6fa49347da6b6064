package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.services.Destination;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/** The files of services. What has not changed is not printed again. */
final class Services {

  /** A destination that nobody holds any more is forgotten. */
  private final Map<Destination, Files> known = new WeakHashMap<>();

  private final Held<OutboundListener, Content> listeners = new Held<>();
  private final Held<HostPort, Content> direct = new Held<>();

  /** A service's files; they hold nothing of the destination itself. */
  record Files(Service service, Content cluster, Content endpoints) {

    static Files of(Service service) {
      return new Files(
          service,
          Content.of(EnvoyJson.typed(service.cluster())),
          Content.of(EnvoyJson.plain(service.assignment())));
    }

    String name() {
      return service.name().file();
    }
  }

  Files files(Destination destination) {
    synchronized (known) {
      return known.computeIfAbsent(destination, each -> Files.of(Service.of(each)));
    }
  }

  Content listener(OutboundListener listener) {
    return listeners.of(listener, each -> Content.of(EnvoyJson.typed(each.listener())));
  }

  /**
   * Adds a declared outbound to the dataplane's own files, and its service too unless the mesh's
   * have it.
   */
  void put(Outbounds.Bound bound, Optional<Folder> mesh, Map<String, Content> own) {
    own.put("listeners/" + bound.listener().name().file(), listener(bound.listener()));
    String file = bound.service().name().file();
    if (mesh.flatMap(all -> all.file("clusters/" + file)).isEmpty()) {
      Files files = bound.destination().map(this::files).orElseGet(() -> Files.of(bound.service()));
      own.put("clusters/" + file, files.cluster());
      own.put("endpoints/" + file, files.endpoints());
    }
  }

  /** Adds listeners for direct access, and the cluster that goes where they were dialled. */
  void putDirect(List<HostPort> places, Map<String, Content> own) {
    for (HostPort at : places) {
      own.put(
          "listeners/" + ResourceName.direct(at).file(),
          direct.of(at, each -> Content.of(EnvoyJson.typed(DirectAccess.listener(each)))));
    }
    if (!places.isEmpty()) {
      own.put(
          "clusters/" + ResourceName.DIRECT.file(),
          Content.of(EnvoyJson.typed(DirectAccess.cluster())));
    }
  }
}
