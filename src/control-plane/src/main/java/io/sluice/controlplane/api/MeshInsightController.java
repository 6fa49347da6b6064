package io.sluice.controlplane.api;

import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Inspection")
@RestController
@RequestMapping("/mesh-insights")
class MeshInsightController {

  private final ResourceReads reads;
  private final Fleet fleet;

  MeshInsightController(ResourceReads reads, Fleet fleet) {
    this.reads = reads;
    this.fleet = fleet;
  }

  /** A mesh in figures. */
  @Schema(name = "MeshInsight", description = "A mesh in figures.")
  record MeshInsight(
      @Schema(example = "MeshInsight") String type,
      String name,
      Instant creationTime,
      Instant modificationTime,
      DataplaneCounts dataplanes,
      @Schema(description = "How many policies of each type; Sluice has none yet")
          Map<String, Map<String, Long>> policies) {}

  /** How many dataplanes there are, and how many of them have a polling agent. */
  @Schema(name = "DataplaneCounts")
  record DataplaneCounts(long total, long online, long offline) {}

  @Operation(summary = "List meshes in figures", description = "What kumactl inspect meshes shows.")
  @GetMapping
  ListAnswer<MeshInsight> list(
      HttpServletRequest request,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    Page page = Page.of(size, offset, Mesh.TYPE);
    ResourcePage meshes = reads.page(query(Mesh.TYPE, Optional.empty(), page.size(), page.after()));
    return ListAnswer.of(
        request,
        meshes.total(),
        meshes.items().stream().map(this::insight).toList(),
        ResourceReads.next(meshes));
  }

  @Operation(summary = "Read a mesh in figures")
  @GetMapping("/{mesh}")
  MeshInsight one(@PathVariable String mesh) {
    return insight(reads.require(ResourceKey.mesh(mesh)));
  }

  private MeshInsight insight(StoredResource mesh) {
    String name = mesh.key().name();
    long total = reads.page(query(Dataplane.TYPE, Optional.of(name), 1, Optional.empty())).total();
    long online = Math.min(total, fleet.online(name));
    return new MeshInsight(
        "MeshInsight",
        name,
        mesh.created(),
        mesh.modified(),
        new DataplaneCounts(total, online, total - online),
        Map.of());
  }

  private static ResourceQuery query(
      String type, Optional<String> mesh, int size, Optional<ResourceKey> after) {
    return new ResourceQuery(
        type, mesh, Optional.empty(), List.of(), Optional.empty(), size, after);
  }
}
