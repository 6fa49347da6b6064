package io.sluice.controlplane.api;

import io.sluice.rendering.bundle.Bundle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bundle's Envoy files in the form of {@code envoy.admin.v3.ConfigDump}. The version of each
 * resource is the digest of its file.
 */
record ConfigDump(JsonMapper json) {

  private static final String ADMIN = "type.googleapis.com/envoy.admin.v3.";

  ObjectNode of(Bundle bundle, boolean endpoints) {
    ObjectNode dump = json.createObjectNode();
    ArrayNode configs = dump.putArray("configs");
    if (bundle.files().containsKey("envoy/bootstrap.json")) {
      section(configs, "BootstrapConfigDump")
          .set("bootstrap", json.readTree(bundle.text("envoy/bootstrap.json")));
    }
    ArrayNode clusters = section(configs, "ClustersConfigDump").putArray("dynamic_active_clusters");
    each(
        bundle,
        "envoy/clusters/",
        (version, cluster) ->
            clusters.addObject().put("version_info", version).set("cluster", cluster));
    ArrayNode listeners = section(configs, "ListenersConfigDump").putArray("dynamic_listeners");
    each(
        bundle,
        "envoy/listeners/",
        (version, listener) ->
            listeners
                .addObject()
                .put("name", listener.path("name").asString(""))
                .putObject("active_state")
                .put("version_info", version)
                .set("listener", listener));
    if (endpoints) {
      ArrayNode assignments =
          section(configs, "EndpointsConfigDump").putArray("dynamic_endpoint_configs");
      each(
          bundle,
          "envoy/endpoints/",
          (version, response) ->
              response
                  .path("resources")
                  .forEach(
                      assignment ->
                          assignments
                              .addObject()
                              .put("version_info", version)
                              .set("endpoint_config", assignment)));
    }
    return dump;
  }

  private static ObjectNode section(ArrayNode configs, String type) {
    return configs.addObject().put("@type", ADMIN + type);
  }

  private void each(
      Bundle bundle, String folder, java.util.function.BiConsumer<String, JsonNode> use) {
    bundle
        .files()
        .forEach(
            (path, digest) -> {
              if (path.startsWith(folder)) {
                use.accept(digest.hex(), json.readTree(bundle.text(path)));
              }
            });
  }
}
