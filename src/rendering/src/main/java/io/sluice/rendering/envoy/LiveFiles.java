package io.sluice.rendering.envoy;

import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;

/** The files that Envoy reads again whenever they are renamed over. */
final class LiveFiles {

  private LiveFiles() {}

  /** A file by its path from Envoy's working directory. */
  static ConfigSource watched(String path) {
    return ConfigSource.newBuilder()
        .setPathConfigSource(PathConfigSource.newBuilder().setPath(path))
        .setResourceApiVersion(ApiVersion.V3)
        .build();
  }
}
