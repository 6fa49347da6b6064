package io.sluice.controlplane.api;

import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(
    name = "MeshTransparentProxies",
    description = "How the traffic of the dataplanes that a policy selects is captured.")
@RestController
class MeshTransparentProxyController {

  private final ResourceReads reads;
  private final ResourceWrites writes;

  MeshTransparentProxyController(ResourceReads reads, ResourceWrites writes) {
    this.reads = reads;
    this.writes = writes;
  }

  @Operation(
      summary = "List the MeshTransparentProxies of all meshes",
      description = "By mesh and name.")
  @Returns(Returns.TRANSPARENT_PROXY_LIST)
  @GetMapping("/meshtransparentproxies")
  ListAnswer<ObjectNode> listAll(
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    return reads.list(request, query(Optional.empty(), name, size, offset));
  }

  @Operation(
      summary = "List the MeshTransparentProxies of a mesh",
      description = "Ordered by name.")
  @Returns(Returns.TRANSPARENT_PROXY_LIST)
  @GetMapping("/meshes/{mesh}/meshtransparentproxies")
  ListAnswer<ObjectNode> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    return reads.list(request, query(Optional.of(mesh), name, size, offset));
  }

  @Operation(summary = "Read a MeshTransparentProxy")
  @Returns(Returns.TRANSPARENT_PROXY)
  @GetMapping("/meshes/{mesh}/meshtransparentproxies/{name}")
  ResponseEntity<ObjectNode> get(@PathVariable String mesh, @PathVariable String name) {
    return reads.one(ResourceKey.transparentProxy(mesh, name));
  }

  @Operation(
      summary = "Create or replace a MeshTransparentProxy",
      description =
          "`type`, `mesh` and `name` may be left out of the body; if present they must agree with"
              + " the path. The hosts concerned get the change at once. Refused if a stored"
              + " dataplane would be invalid with it: the first ten are named.")
  @Takes(Takes.TRANSPARENT_PROXY)
  @PutMapping("/meshes/{mesh}/meshtransparentproxies/{name}")
  ResponseEntity<WriteAnswer> put(
      HttpServletRequest request, @PathVariable String mesh, @PathVariable String name) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.put(
        request,
        ResourceDocuments.transparentProxy(document, mesh, Optional.of(name)),
        Optional.empty());
  }

  @Operation(
      summary = "Create a MeshTransparentProxy",
      description = "The same content again answers 200, other content under the same name 409.")
  @Takes(Takes.TRANSPARENT_PROXY)
  @PostMapping("/meshes/{mesh}/meshtransparentproxies")
  ResponseEntity<WriteAnswer> create(HttpServletRequest request, @PathVariable String mesh) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.create(
        request,
        ResourceDocuments.transparentProxy(document, mesh, Optional.empty()),
        Optional.empty());
  }

  @Operation(
      summary = "Delete a MeshTransparentProxy",
      description =
          "The hosts concerned get the change at once. Refused if a stored dataplane would be"
              + " invalid without it.")
  @DeleteMapping("/meshes/{mesh}/meshtransparentproxies/{name}")
  ResponseEntity<WriteAnswer> delete(
      HttpServletRequest request, @PathVariable String mesh, @PathVariable String name) {
    return writes.delete(request, ResourceKey.transparentProxy(mesh, name));
  }

  private static ResourceQuery query(
      Optional<String> mesh, @Nullable String name, int size, @Nullable String offset) {
    Page page = Page.of(size, offset, MeshTransparentProxy.TYPE);
    return new ResourceQuery(
        MeshTransparentProxy.TYPE,
        mesh,
        Optional.ofNullable(name),
        List.of(),
        Optional.empty(),
        page.size(),
        page.after());
  }
}
