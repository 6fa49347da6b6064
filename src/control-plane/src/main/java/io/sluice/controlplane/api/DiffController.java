package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.http.Bodies;
import io.sluice.controlplane.http.DocumentTypes;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.security.Operator;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.WriteResult;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Bundles")
@RestController
@RequestMapping("/meshes/{mesh}/dataplanes/{name}/_diff")
class DiffController {

  private static final String FROM =
      "The revision to begin with, of any resource; see `_revisions`";
  private static final String TO = "The revision to end with; without it, what is in force now";

  private final ResourceStore store;
  private final PastInputs past;
  private final Effects effects;
  private final Bundles bundles;
  private final MeshViews views;
  private final Operator operator;

  DiffController(
      ResourceStore store,
      PastInputs past,
      Effects effects,
      Bundles bundles,
      MeshViews views,
      Operator operator) {
    this.store = store;
    this.past = past;
    this.effects = effects;
    this.bundles = bundles;
    this.views = views;
    this.operator = operator;
  }

  @Operation(
      summary = "Compare what a host was told at two revisions",
      description =
          "All that its bundle is made of counts as it was then: the mesh, the policies and what"
              + " was known about the host too. As `text/plain` it reads like `diff -u`.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = DocumentTypes.JSON,
            schema = @Schema(implementation = EffectAnswer.class)),
        @Content(mediaType = PlainText.NAME, schema = @Schema(type = "string"))
      })
  @GetMapping
  ResponseEntity<?> between(
      HttpServletRequest request,
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = FROM, example = "1") @RequestParam long from,
      @Parameter(description = TO) @RequestParam(required = false) @Nullable Long to) {
    return PlainText.orDocument(request, revisions(mesh, name, from, to));
  }

  @Operation(
      summary = "Ask what documents would change on one host",
      description =
          "A stream as for `/apply`, of which only the effect on this dataplane is told; nothing is"
              + " written. With `from` and an empty body, two revisions are compared as by GET.")
  @Takes(value = Takes.STREAM, optional = true)
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = DocumentTypes.JSON,
            schema = @Schema(implementation = EffectAnswer.class)),
        @Content(mediaType = PlainText.NAME, schema = @Schema(type = "string"))
      })
  @PostMapping
  ResponseEntity<?> of(
      HttpServletRequest request,
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = FROM) @RequestParam(required = false) @Nullable Long from,
      @Parameter(description = TO) @RequestParam(required = false) @Nullable Long to) {
    if (from != null) {
      if (Bodies.read(request, Bodies.DOCUMENT_LIMIT).length > 0) {
        throw ProblemException.badRequest(
            "from", "compares revisions: the body must be empty; leave it out to try documents");
      }
      return PlainText.orDocument(request, revisions(mesh, name, from, to));
    }
    if (to != null) {
      throw ProblemException.badRequest("to", "needs from");
    }
    return PlainText.orDocument(request, documents(request, ResourceKey.dataplane(mesh, name)));
  }

  private EffectAnswer documents(HttpServletRequest request, ResourceKey dataplane) {
    DocumentStream stream = DocumentStream.read(request, views);
    Effects.Before before = effects.before(dataplane);
    List<WriteResult> results = rehearsed(stream);
    EffectsAnswer told = effects.of(before, results);
    if (before.dataplanes().isEmpty() && told.dataplanes().isEmpty()) {
      throw ProblemException.notFound(
          "Resource not found",
          "Dataplane %s in mesh %s does not exist, and no document describes it"
              .formatted(dataplane.name(), dataplane.mesh()));
    }
    return told.dataplanes().isEmpty() ? unchanged(dataplane) : told.dataplanes().getFirst();
  }

  private List<WriteResult> rehearsed(DocumentStream stream) {
    try {
      return store.rehearse(stream.writes(Optional.empty()), operator.author());
    } catch (StoreException e) {
      throw stream.refused(e);
    }
  }

  private EffectAnswer revisions(String mesh, String name, long from, @Nullable Long to) {
    if (from < 1) {
      throw ProblemException.badRequest("from", "must be a revision, 1 or more; it is " + from);
    }
    if (to != null && to < 1) {
      throw ProblemException.badRequest("to", "must be a revision, 1 or more; it is " + to);
    }
    ResourceKey dataplane = ResourceKey.dataplane(mesh, name);
    if (store.history(dataplane, Long.MAX_VALUE, 1).isEmpty()) {
      throw missing(dataplane);
    }
    EffectTally tally = new EffectTally(bundles);
    tally.add(
        dataplane,
        past.at(dataplane, from),
        past.at(dataplane, to == null ? Long.MAX_VALUE : to),
        Set.of());
    EffectsAnswer told = tally.answer();
    return told.dataplanes().isEmpty() ? unchanged(dataplane) : told.dataplanes().getFirst();
  }

  private static EffectAnswer unchanged(ResourceKey dataplane) {
    return new EffectAnswer(
        dataplane.mesh(), dataplane.name(), List.of(), new TreeMap<>(), 0, 0, null);
  }

  private static ProblemException missing(ResourceKey dataplane) {
    return ProblemException.notFound(
        "Resource not found",
        "Dataplane " + dataplane.name() + " in mesh " + dataplane.mesh() + " has never existed");
  }
}
