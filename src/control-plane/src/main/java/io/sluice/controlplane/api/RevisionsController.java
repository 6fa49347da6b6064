package io.sluice.controlplane.api;

import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.store.HistoryEntry;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.resources.codec.ResourceWriter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "History", description = "Who has changed what, and when.")
@RestController
class RevisionsController {

  private final ResourceStore store;

  RevisionsController(ResourceStore store) {
    this.store = store;
  }

  /** One write of the past. */
  @Schema(name = "Revision", description = "One write of the past.")
  record RevisionAnswer(
      @Schema(description = "Unique over all resources and all time", example = "7") long revision,
      Instant when,
      @Schema(
              description = "`admin`, `local` (a user of this machine) or `agent:NAME`",
              example = "local")
          String who,
      @Schema(description = "created, updated or deleted", example = "created") String what,
      @Schema(
              description = "What was written; absent for a deletion",
              implementation = Object.class)
          @Nullable ObjectNode resource) {}

  /** A page of history. */
  @Schema(name = "Revisions", description = "The writes of one resource, newest first.")
  record RevisionsAnswer(
      List<RevisionAnswer> items,
      @Schema(description = "Give it as `before` to get the next page; null on the last one")
          @Nullable Long next) {}

  @Operation(
      summary = "Read a dataplane's history",
      description = "Newest first; also that of a dataplane that was deleted.")
  @GetMapping("/meshes/{mesh}/dataplanes/{name}/_revisions")
  RevisionsAnswer dataplane(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Only revisions below this one")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    return history(ResourceKey.dataplane(mesh, name), before, size);
  }

  @Operation(
      summary = "Read a MeshTransparentProxy's history",
      description = "Newest first; also that of a policy that was deleted.")
  @GetMapping("/meshes/{mesh}/meshtransparentproxies/{name}/_revisions")
  RevisionsAnswer transparentProxy(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Only revisions below this one")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    return history(ResourceKey.transparentProxy(mesh, name), before, size);
  }

  @Operation(
      summary = "Read a VirtualOutbound's history",
      description = "Newest first; also that of one that was deleted.")
  @GetMapping("/meshes/{mesh}/virtual-outbounds/{name}/_revisions")
  RevisionsAnswer virtualOutbound(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Only revisions below this one")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    return history(ResourceKey.virtualOutbound(mesh, name), before, size);
  }

  @Operation(
      summary = "Read the history of what was known about a dataplane's host",
      description = "Newest first; what its agents reported and rendering took into account.")
  @GetMapping("/meshes/{mesh}/dataplanes/{name}/_host/_revisions")
  RevisionsAnswer facts(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Only revisions below this one")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    return history(ResourceKey.facts(mesh, name), before, size);
  }

  @Operation(
      summary = "Read a mesh's history",
      description = "Newest first; also that of a mesh that was deleted.")
  @GetMapping("/meshes/{mesh}/_revisions")
  RevisionsAnswer mesh(
      @PathVariable String mesh,
      @Parameter(description = "Only revisions below this one")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    return history(ResourceKey.mesh(mesh), before, size);
  }

  private RevisionsAnswer history(ResourceKey key, long before, int size) {
    int limit = Page.of(size, null, key.type()).size();
    List<HistoryEntry> entries = store.history(key, before, limit);
    if (entries.isEmpty() && before == Long.MAX_VALUE) {
      throw ProblemException.notFound(
          "Resource not found", key.type() + " " + key.name() + " has never existed");
    }
    return new RevisionsAnswer(
        entries.stream().map(RevisionsController::answer).toList(),
        entries.size() == limit ? entries.getLast().revision() : null);
  }

  private static RevisionAnswer answer(HistoryEntry entry) {
    return new RevisionAnswer(
        entry.revision(),
        entry.when(),
        entry.who().name(),
        entry.what().name().toLowerCase(Locale.ROOT),
        entry.resource().map(ResourceWriter::tree).orElse(null));
  }
}
