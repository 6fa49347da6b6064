package io.sluice.rendering.envoy;

import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import java.util.SortedMap;

/** All that one dataplane's Envoy is told, as files of a bundle. */
public final class EnvoyConfiguration {

  /**
   * The files under {@code envoy/}, by path.
   *
   * @throws io.sluice.rendering.bundle.UnrenderableException if Envoy can't listen where it should
   */
  public SortedMap<String, String> files(
      Mesh mesh, Dataplane dataplane, RedirectSettings settings) {
    return gathered(mesh, dataplane, settings).contents();
  }

  /**
   * What those files hold.
   *
   * @throws io.sluice.rendering.bundle.UnrenderableException if Envoy can't listen where it should
   */
  public EnvoyResources resources(Mesh mesh, Dataplane dataplane, RedirectSettings settings) {
    return gathered(mesh, dataplane, settings).resources();
  }

  private static EnvoyFiles gathered(Mesh mesh, Dataplane dataplane, RedirectSettings settings) {
    EnvoyFiles files = new EnvoyFiles();
    files.bootstrap(Bootstraps.of(dataplane));
    Inbounds inbounds = new Inbounds(dataplane, settings);
    inbounds.writeTo(files);
    new Outbounds(dataplane.networking()).writeTo(files);
    switch (settings.mode()) {
      case IPTABLES -> new CatchAlls(mesh, settings, inbounds).writeTo(files);
      case NONE -> {}
    }
    new Readiness(dataplane.networking()).writeTo(files);
    return files;
  }
}
