package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.resources.codec.ResourceWriter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "Inspection")
@RestController
@RequestMapping("/meshes/{mesh}/dataplanes/{name}")
class EnvoyController {

  private final ResourceReads reads;
  private final Bundles bundles;
  private final JsonMapper json;

  EnvoyController(ResourceReads reads, Bundles bundles, JsonMapper json) {
    this.reads = reads;
    this.bundles = bundles;
    this.json = json;
  }

  /** Envoy's configuration under the name that kumactl expects. */
  @Schema(name = "EnvoyConfig", description = "Envoy's configuration.")
  record ConfigAnswer(
      @Schema(description = "In the form of Envoy's config dump", implementation = Object.class)
          ObjectNode xds) {}

  /** The policies that select a dataplane. */
  @Schema(name = "DataplanePolicies", description = "The policies that select a dataplane.")
  record PoliciesAnswer(
      @Schema(example = "SidecarDataplane") String kind,
      long total,
      @Schema(
              description = "Whole documents, the one that wins first",
              implementation = Object.class)
          List<ObjectNode> items) {}

  @Operation(
      summary = "Read Envoy's configuration as a config dump",
      description =
          "Made from the files that the host gets, in the form in which Envoy's admin API shows"
              + " its configuration.")
  @Returns(Returns.CONFIG_DUMP)
  @GetMapping("/xds")
  ObjectNode xds(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Whether to show endpoints too")
          @RequestParam(name = "include_eds", defaultValue = "false")
          boolean endpoints) {
    return new ConfigDump(json).of(bundle(mesh, name), endpoints);
  }

  @Operation(summary = "Read Envoy's configuration", description = "As kumactl asks for it.")
  @GetMapping("/_config")
  ConfigAnswer config(@PathVariable String mesh, @PathVariable String name) {
    return new ConfigAnswer(new ConfigDump(json).of(bundle(mesh, name), true));
  }

  @Operation(
      summary = "List the policies that select a dataplane",
      description = "In the order of precedence: the one that wins first.")
  @GetMapping("/policies")
  PoliciesAnswer policies(@PathVariable String mesh, @PathVariable String name) {
    Inputs inputs = reads.dataplane(ResourceKey.dataplane(mesh, name)).inputs();
    List<ObjectNode> items =
        inputs.policies().reversed().stream().map(ResourceWriter::tree).toList();
    boolean gateway = inputs.dataplane().networking().gateway() != null;
    return new PoliciesAnswer(
        gateway ? "GatewayDataplane" : "SidecarDataplane", items.size(), items);
  }

  private Bundle bundle(String mesh, String name) {
    return bundles.current(reads.dataplane(ResourceKey.dataplane(mesh, name)).inputs());
  }
}
