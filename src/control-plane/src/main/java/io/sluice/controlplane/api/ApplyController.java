package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.DocumentTypes;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.security.Operator;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Apply", description = "Many documents in one transaction.")
@RestController
class ApplyController {

  private final ResourceStore store;
  private final Operator operator;
  private final Effects effects;
  private final MeshViews views;

  ApplyController(ResourceStore store, Operator operator, Effects effects, MeshViews views) {
    this.store = store;
    this.operator = operator;
    this.effects = effects;
    this.views = views;
  }

  @Operation(
      summary = "Apply a stream of documents",
      description =
          "YAML documents between lines of `---`, or JSON objects one after the other; all of them"
              + " in one transaction or none. Meshes are written before policies, and those"
              + " before dataplanes. With `dryRun=true` nothing is written: the answer says what"
              + " would be, how the files of each dataplane concerned would change, and which"
              + " connections that would cut; as `text/plain` it reads like `diff -u`.")
  @Takes(Takes.STREAM)
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = DocumentTypes.JSON,
            schema = @Schema(implementation = ApplyAnswer.class)),
        @Content(mediaType = PlainText.NAME, schema = @Schema(type = "string"))
      })
  @PostMapping("/apply")
  ResponseEntity<?> apply(
      HttpServletRequest request,
      @Parameter(description = "Only say what would be") @RequestParam(defaultValue = "false")
          boolean dryRun,
      @Parameter(
              description =
                  "The name of a dataplane that is deleted in the same transaction if it holds an"
                      + " address that a dataplane of the stream claims")
          @RequestParam(required = false)
          @Nullable String replaces) {
    DocumentStream stream = DocumentStream.read(request, views);
    if (replaces != null && stream.describes(replaces)) {
      throw ProblemException.badRequest(
          "replaces", "names \"" + replaces + "\", which the stream describes itself");
    }
    List<Write> writes = stream.writes(Optional.ofNullable(replaces));
    try {
      return PlainText.orDocument(
          request, dryRun ? rehearse(stream, writes) : write(stream, writes));
    } catch (StoreException e) {
      throw stream.refused(e);
    }
  }

  private ApplyAnswer rehearse(DocumentStream stream, List<Write> writes) {
    Effects.Before before = effects.before(writes);
    Map<ResourceKey, WriteResult> results = byKey(store.rehearse(writes, operator.author()));
    return ApplyAnswer.of(stream, results, effects.of(before, results.values()));
  }

  private ApplyAnswer write(DocumentStream stream, List<Write> writes) {
    return ApplyAnswer.of(stream, byKey(store.write(writes, operator.author())), null);
  }

  private static Map<ResourceKey, WriteResult> byKey(List<WriteResult> results) {
    Map<ResourceKey, WriteResult> byKey = new HashMap<>();
    results.forEach(result -> byKey.put(result.stored().key(), result));
    return byKey;
  }
}
