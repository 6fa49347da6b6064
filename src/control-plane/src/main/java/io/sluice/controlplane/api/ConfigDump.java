package io.sluice.controlplane.api;

import io.sluice.rendering.bundle.Bundle;
import java.util.List;
import java.util.function.BiConsumer;
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
    bundle
        .file("envoy/bootstrap.json")
        .ifPresent(
            bootstrap ->
                section(configs, "BootstrapConfigDump")
                    .set("bootstrap", json.readTree(bootstrap.text())));
    ArrayNode clusters = section(configs, "ClustersConfigDump").putArray("dynamic_active_clusters");
    each(
        bundle,
        "clusters",
        (version, cluster) ->
            clusters.addObject().put("version_info", version).set("cluster", cluster));
    ArrayNode listeners = section(configs, "ListenersConfigDump").putArray("dynamic_listeners");
    each(
        bundle,
        "listeners",
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
          "endpoints",
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

  /** What the dataplane has for itself, and what it shares with its mesh. */
  private void each(Bundle bundle, String folder, BiConsumer<String, JsonNode> use) {
    for (String part : List.of("envoy/", "mesh/")) {
      bundle.forEachFileIn(
          part + folder,
          (path, content) -> use.accept(content.digest().hex(), json.readTree(content.text())));
    }
  }
}
