package io.sluice.controlplane.api;

import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.resources.mesh.Mesh;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "Meshes", description = "What the dataplanes of one mesh have in common.")
@RestController
@RequestMapping("/meshes")
class MeshController {

  private final ResourceReads reads;
  private final ResourceWrites writes;

  MeshController(ResourceReads reads, ResourceWrites writes) {
    this.reads = reads;
    this.writes = writes;
  }

  @Operation(summary = "List meshes", description = "Ordered by name.")
  @Returns(Returns.MESH_LIST)
  @GetMapping
  ListAnswer<ObjectNode> list(
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    Page page = Page.of(size, offset, Mesh.TYPE);
    return reads.list(
        request,
        new ResourceQuery(
            Mesh.TYPE,
            Optional.empty(),
            Optional.ofNullable(name),
            List.of(),
            Optional.empty(),
            page.size(),
            page.after()));
  }

  @Operation(summary = "Read a mesh")
  @Returns(Returns.MESH)
  @GetMapping("/{mesh}")
  ResponseEntity<ObjectNode> get(@PathVariable String mesh) {
    return reads.one(ResourceKey.mesh(mesh));
  }

  @Operation(
      summary = "Create or replace a mesh",
      description = "`type` and `name` may be left out of the body; if present they must agree.")
  @Takes(Takes.MESH)
  @PutMapping("/{mesh}")
  ResponseEntity<WriteAnswer> put(HttpServletRequest request, @PathVariable String mesh) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.put(
        request, ResourceDocuments.mesh(document, Optional.of(mesh)), Optional.empty());
  }

  @Operation(
      summary = "Create a mesh",
      description = "The same content again answers 200, other content under the same name 409.")
  @Takes(Takes.MESH)
  @PostMapping
  ResponseEntity<WriteAnswer> create(HttpServletRequest request) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.create(
        request, ResourceDocuments.mesh(document, Optional.empty()), Optional.empty());
  }

  @Operation(
      summary = "Delete a mesh",
      description =
          "A mesh that still has dataplanes is not deleted: 400. Its policies go with it.")
  @DeleteMapping("/{mesh}")
  ResponseEntity<WriteAnswer> delete(HttpServletRequest request, @PathVariable String mesh) {
    return writes.delete(request, ResourceKey.mesh(mesh));
  }
}
