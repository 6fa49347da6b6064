package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that dataplanes' Envoys are told, as files of bundles. What several of them have in common is
 * made once as long as one of their bundles is held, which changes nothing but the cost.
 */
public final class EnvoyConfiguration {

  private final Services services = new Services();
  private final SharedFolders shared = new SharedFolders(services);

  /**
   * What depends on no service of the mesh.
   *
   * @throws io.sluice.rendering.bundle.UnrenderableException if Envoy can't listen where it should
   */
  public OwnEnvoy own(Mesh mesh, Dataplane dataplane, RedirectSettings settings) {
    Inbounds inbounds = new Inbounds(dataplane, settings);
    return OwnEnvoy.of(
        files(mesh, dataplane, settings, inbounds).contents(), places(dataplane, inbounds));
  }

  /**
   * The folders of a bundle.
   *
   * @param own what depends on no service
   * @param sight the services that the dataplane sees
   */
  public EnvoyFolders folders(
      Dataplane dataplane, RedirectSettings settings, OwnEnvoy own, Sight sight) {
    SortedMap<String, Content> more = new TreeMap<>();
    Optional<Folder> mesh = Optional.empty();
    Optional<Content> hosts = Optional.empty();
    if (reachesServices(settings)) {
      mesh =
          shared
              .mesh(sight.reach(), settings.families())
              .map(all -> SharedFolders.withoutListeners(all, own.places()));
      if (settings.dns().isPresent()) {
        hosts = shared.hosts(sight.reach(), settings.families());
      }
      services.putDirect(DirectAccess.places(sight, dataplane, settings, own.places()), more);
    }
    for (Outbounds.Bound bound : new Outbounds(dataplane.networking()).bound(sight)) {
      services.put(bound, mesh, more);
    }
    return new EnvoyFolders(own.and(more), mesh, hosts);
  }

  /**
   * What all those files hold.
   *
   * @throws io.sluice.rendering.bundle.UnrenderableException if Envoy can't listen where it should
   */
  public EnvoyResources resources(
      Mesh mesh, Dataplane dataplane, RedirectSettings settings, Sight sight) {
    Inbounds inbounds = new Inbounds(dataplane, settings);
    EnvoyFiles files = files(mesh, dataplane, settings, inbounds);
    for (Outbounds.Bound bound : new Outbounds(dataplane.networking()).bound(sight)) {
      files.listener(bound.listener());
      files.service(bound.service());
    }
    if (reachesServices(settings)) {
      Set<HostPort> places = places(dataplane, inbounds);
      SharedFolders.listeners(sight.reach(), settings.families(), Service::of).stream()
          .filter(listener -> !places.contains(listener.at()))
          .forEach(files::listener);
      sight.reach().destinations().stream().map(Service::of).forEach(files::service);
      List<HostPort> direct = DirectAccess.places(sight, dataplane, settings, places);
      direct.forEach(at -> files.listener(ResourceName.direct(at), DirectAccess.listener(at)));
      if (!direct.isEmpty()) {
        files.cluster(ResourceName.DIRECT, DirectAccess.cluster());
      }
    }
    return files.resources();
  }

  /** Services are reached by what is captured on its way out. */
  private static boolean reachesServices(RedirectSettings settings) {
    return settings.mode() == Mode.IPTABLES && settings.outbound().enabled();
  }

  private static EnvoyFiles files(
      Mesh mesh, Dataplane dataplane, RedirectSettings settings, Inbounds inbounds) {
    EnvoyFiles files = new EnvoyFiles();
    files.bootstrap(Bootstraps.of(dataplane));
    inbounds.writeTo(files);
    switch (settings.mode()) {
      case IPTABLES -> new CatchAlls(mesh, settings, inbounds).writeTo(files);
      case NONE -> {}
    }
    new Readiness(dataplane.networking()).writeTo(files);
    return files;
  }

  private static Set<HostPort> places(Dataplane dataplane, Inbounds inbounds) {
    Set<HostPort> places = new TreeSet<>(inbounds.places());
    places.addAll(new Outbounds(dataplane.networking()).places());
    return places;
  }
}
