package io.sluice.controlplane.api;

import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
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
    name = "VirtualOutbounds",
    description = "Names and ports under which services, or parts of them, are reached.")
@RestController
class VirtualOutboundController {

  private final ResourceReads reads;
  private final ResourceWrites writes;

  VirtualOutboundController(ResourceReads reads, ResourceWrites writes) {
    this.reads = reads;
    this.writes = writes;
  }

  @Operation(summary = "List the VirtualOutbounds of all meshes", description = "By mesh and name.")
  @Returns(Returns.VIRTUAL_OUTBOUND_LIST)
  @GetMapping("/virtual-outbounds")
  ListAnswer<ObjectNode> listAll(
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    return reads.list(request, query(Optional.empty(), name, size, offset));
  }

  @Operation(summary = "List the VirtualOutbounds of a mesh", description = "Ordered by name.")
  @Returns(Returns.VIRTUAL_OUTBOUND_LIST)
  @GetMapping("/meshes/{mesh}/virtual-outbounds")
  ListAnswer<ObjectNode> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    return reads.list(request, query(Optional.of(mesh), name, size, offset));
  }

  @Operation(summary = "Read a VirtualOutbound")
  @Returns(Returns.VIRTUAL_OUTBOUND)
  @GetMapping("/meshes/{mesh}/virtual-outbounds/{name}")
  ResponseEntity<ObjectNode> get(@PathVariable String mesh, @PathVariable String name) {
    return reads.one(ResourceKey.virtualOutbound(mesh, name));
  }

  @Operation(
      summary = "Create or replace a VirtualOutbound",
      description =
          "`type`, `mesh` and `name` may be left out of the body; if present they must agree with"
              + " the path. Its names are answered as soon as they have virtual addresses.")
  @Takes(Takes.VIRTUAL_OUTBOUND)
  @PutMapping("/meshes/{mesh}/virtual-outbounds/{name}")
  ResponseEntity<WriteAnswer> put(
      HttpServletRequest request, @PathVariable String mesh, @PathVariable String name) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.put(
        request,
        ResourceDocuments.virtualOutbound(document, mesh, Optional.of(name)),
        Optional.empty());
  }

  @Operation(
      summary = "Create a VirtualOutbound",
      description = "The same content again answers 200, other content under the same name 409.")
  @Takes(Takes.VIRTUAL_OUTBOUND)
  @PostMapping("/meshes/{mesh}/virtual-outbounds")
  ResponseEntity<WriteAnswer> create(HttpServletRequest request, @PathVariable String mesh) {
    ObjectNode document = RequestDocuments.one(request);
    return writes.create(
        request,
        ResourceDocuments.virtualOutbound(document, mesh, Optional.empty()),
        Optional.empty());
  }

  @Operation(
      summary = "Delete a VirtualOutbound",
      description =
          "Its names are not answered any more; their virtual addresses are given to nobody else"
              + " for a while.")
  @DeleteMapping("/meshes/{mesh}/virtual-outbounds/{name}")
  ResponseEntity<WriteAnswer> delete(
      HttpServletRequest request, @PathVariable String mesh, @PathVariable String name) {
    return writes.delete(request, ResourceKey.virtualOutbound(mesh, name));
  }

  private static ResourceQuery query(
      Optional<String> mesh, @Nullable String name, int size, @Nullable String offset) {
    Page page = Page.of(size, offset, VirtualOutbound.TYPE);
    return new ResourceQuery(
        VirtualOutbound.TYPE,
        mesh,
        Optional.ofNullable(name),
        List.of(),
        Optional.empty(),
        page.size(),
        page.after());
  }
}
