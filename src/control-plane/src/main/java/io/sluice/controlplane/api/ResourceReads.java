package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Reads resources of any type and shows them as documents. */
@Component
class ResourceReads {

  private final ResourceStore store;
  private final MeshViews views;

  ResourceReads(ResourceStore store, MeshViews views) {
    this.store = store;
    this.views = views;
  }

  /** The resource, or the end of the request with 404. */
  StoredResource require(ResourceKey key) {
    return store.find(key).orElseThrow(() -> missing(key));
  }

  /** Ends the request with 404 if there is no such mesh. */
  void requireMesh(String mesh) {
    require(ResourceKey.mesh(mesh));
  }

  /** A dataplane and what its bundle is made of, or the end of the request with 404. */
  StoredDataplane dataplane(ResourceKey key) {
    return new StoredDataplane(
        require(ResourceKey.mesh(key.mesh())),
        require(key),
        store.every(MeshTransparentProxy.TYPE, key.mesh()),
        store.find(ResourceKey.facts(key.mesh(), key.name())),
        views.catalogue(key.mesh()));
  }

  /** A mesh, or the end of the request with 404. */
  Mesh mesh(String name) {
    return (Mesh) require(ResourceKey.mesh(name)).resource();
  }

  /** The policies of a mesh as they are in the database. */
  List<MeshTransparentProxy> policies(String mesh) {
    return store.every(MeshTransparentProxy.TYPE, mesh).stream()
        .map(row -> (MeshTransparentProxy) row.resource())
        .toList();
  }

  ResponseEntity<ObjectNode> one(ResourceKey key) {
    StoredResource stored = require(key);
    return ResponseEntity.ok()
        .eTag(Conditions.tag(stored))
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(ResourceDocuments.tree(stored));
  }

  ListAnswer<ObjectNode> list(HttpServletRequest request, ResourceQuery query) {
    query.mesh().ifPresent(this::requireMesh);
    ResourcePage page = store.list(query);
    return ListAnswer.of(
        request,
        page.total(),
        page.items().stream().map(ResourceDocuments::tree).toList(),
        next(page));
  }

  ResourcePage page(ResourceQuery query) {
    query.mesh().ifPresent(this::requireMesh);
    return store.list(query);
  }

  /** The key after which the next page begins; nothing on the last one. */
  static Optional<ResourceKey> next(ResourcePage page) {
    return page.more() ? Optional.of(page.items().getLast().key()) : Optional.empty();
  }

  private ProblemException missing(ResourceKey key) {
    if (!key.mesh().isEmpty() && store.find(ResourceKey.mesh(key.mesh())).isEmpty()) {
      return ProblemException.notFound("Mesh not found", "mesh " + key.mesh() + " does not exist");
    }
    return ProblemException.notFound(
        "Resource not found",
        key.type()
            + " "
            + key.name()
            + (key.mesh().isEmpty() ? "" : " in mesh " + key.mesh())
            + " does not exist");
  }
}
