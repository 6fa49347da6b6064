package io.sluice.controlplane.api;

import io.sluice.controlplane.store.ResourceKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "Hosts", description = "What agents found on the hosts of dataplanes.")
@RestController
class HostController {

  private final ResourceReads reads;

  HostController(ResourceReads reads) {
    this.reads = reads;
  }

  @Operation(
      summary = "Read what is known about a dataplane's host",
      description =
          "As its agent told it; bundles are rendered for it. 404 until an agent has told"
              + " anything.")
  @Returns(Returns.HOST_FACTS)
  @GetMapping("/meshes/{mesh}/dataplanes/{name}/_host")
  ResponseEntity<ObjectNode> host(@PathVariable String mesh, @PathVariable String name) {
    reads.require(ResourceKey.dataplane(mesh, name));
    return reads.one(ResourceKey.facts(mesh, name));
  }
}
