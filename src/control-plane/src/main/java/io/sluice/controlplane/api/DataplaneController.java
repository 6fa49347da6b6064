package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "Dataplanes", description = "Proxies on hosts and the workloads beside them.")
@RestController
class DataplaneController {

  private static final String REPLACES =
      "The name of another dataplane of the mesh: if it holds an address that this one claims, it"
          + " is deleted in the same transaction";

  private final ResourceReads reads;
  private final ResourceWrites writes;
  private final MeshViews views;

  DataplaneController(ResourceReads reads, ResourceWrites writes, MeshViews views) {
    this.reads = reads;
    this.writes = writes;
    this.views = views;
  }

  @Operation(summary = "List the dataplanes of all meshes", description = "By mesh and name.")
  @Returns(Returns.DATAPLANE_LIST)
  @GetMapping("/dataplanes")
  ListAnswer<ObjectNode> listAll(
      HttpServletRequest request, @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return reads.list(request, filter.query(Optional.empty()));
  }

  @Operation(summary = "List the dataplanes of a mesh", description = "Ordered by name.")
  @Returns(Returns.DATAPLANE_LIST)
  @GetMapping("/meshes/{mesh}/dataplanes")
  ListAnswer<ObjectNode> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return reads.list(request, filter.query(Optional.of(mesh)));
  }

  @Operation(summary = "Read a dataplane")
  @Returns(Returns.DATAPLANE)
  @GetMapping("/meshes/{mesh}/dataplanes/{name}")
  ResponseEntity<ObjectNode> get(@PathVariable String mesh, @PathVariable String name) {
    return reads.one(ResourceKey.dataplane(mesh, name));
  }

  @Operation(
      summary = "Create or replace a dataplane",
      description =
          "`type`, `mesh` and `name` may be left out of the body; if present they must agree with"
              + " the path. The hosts concerned get the change at once.")
  @Takes(Takes.DATAPLANE)
  @PutMapping("/meshes/{mesh}/dataplanes/{name}")
  ResponseEntity<WriteAnswer> put(
      HttpServletRequest request,
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = REPLACES) @RequestParam(required = false)
          @Nullable String replaces) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.put(
        request,
        ResourceDocuments.dataplane(document, mesh, Optional.of(name), views.policies(mesh)),
        Optional.ofNullable(replaces));
  }

  @Operation(
      summary = "Create a dataplane",
      description = "The same content again answers 200, other content under the same name 409.")
  @Takes(Takes.DATAPLANE)
  @PostMapping("/meshes/{mesh}/dataplanes")
  ResponseEntity<WriteAnswer> create(
      HttpServletRequest request,
      @PathVariable String mesh,
      @Parameter(description = REPLACES) @RequestParam(required = false)
          @Nullable String replaces) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.create(
        request,
        ResourceDocuments.dataplane(document, mesh, Optional.empty(), views.policies(mesh)),
        Optional.ofNullable(replaces));
  }

  @Operation(
      summary = "Delete a dataplane",
      description = "Its host is told to remove the redirection and to stop Envoy.")
  @DeleteMapping("/meshes/{mesh}/dataplanes/{name}")
  ResponseEntity<WriteAnswer> delete(
      HttpServletRequest request, @PathVariable String mesh, @PathVariable String name) {
    return writes.delete(request, ResourceKey.dataplane(mesh, name));
  }
}
