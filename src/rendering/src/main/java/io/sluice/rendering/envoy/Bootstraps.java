package io.sluice.rendering.envoy;

import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DynamicResources;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.sluice.resources.dataplane.Dataplane;

/** The configuration with which Envoy starts. */
final class Bootstraps {

  static final String ADMIN_SOCKET = "run/envoy-admin.sock";

  /** The group's too: the agent asks there, as root without the right to pass over modes. */
  private static final int OWNER_AND_GROUP = 0660;

  private Bootstraps() {}

  /**
   * A bootstrap that depends on nothing but the dataplane's name: Envoy must start anew to read it,
   * so nothing that an operator edits is in it.
   */
  static Bootstrap of(Dataplane dataplane) {
    return Bootstrap.newBuilder()
        .setNode(
            Node.newBuilder()
                .setId(dataplane.mesh() + "." + dataplane.name())
                .setCluster(dataplane.mesh()))
        .setAdmin(
            Admin.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setPipe(Pipe.newBuilder().setPath(ADMIN_SOCKET).setMode(OWNER_AND_GROUP))))
        .setDynamicResources(
            DynamicResources.newBuilder()
                .setLdsConfig(LiveFiles.watched("live/lds.json"))
                .setCdsConfig(LiveFiles.watched("live/cds.json")))
        .build();
  }
}
