package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.Accepted;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.http.StoreProblems;
import io.sluice.controlplane.security.Operator;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.Document;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.policy.Policy;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    this.views = views;
    this.operator = operator;
    this.effects = effects;
  }

  /** What became, or would become, of one document. */
  @Schema(name = "Applied", description = "What became, or would become, of one document.")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record AppliedAnswer(
      @Schema(example = "Dataplane") String type,
      @Schema(description = "Absent for a Mesh", example = "default") String mesh,
      @Schema(example = "demo-app") String name,
      @Schema(description = "created, updated or unchanged", example = "created") String outcome,
      @Schema(description = "What the author should know") List<String> warnings) {}

  /** What became, or would become, of a stream. */
  @Schema(name = "ApplyResult", description = "What became, or would become, of a stream.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ApplyAnswer(
      boolean dryRun,
      @Schema(description = "One for each document, in their order") List<AppliedAnswer> results,
      @Schema(description = "With `dryRun` only: whose files would change")
          Effects.@Nullable EffectsAnswer effects) {}

  @Operation(
      summary = "Apply a stream of documents",
      description =
          "YAML documents between lines of `---`, or JSON objects one after the other; all of them"
              + " in one transaction or none. Meshes are written before policies, and those"
              + " before dataplanes. With"
              + " `dryRun=true` nothing is written: the answer says what would be, and how the"
              + " files of each dataplane concerned would change.")
  @Takes(Takes.STREAM)
  @PostMapping("/apply")
  ApplyAnswer apply(
      HttpServletRequest request,
      @Parameter(description = "Only say what would be") @RequestParam(defaultValue = "false")
          boolean dryRun,
      @Parameter(
              description =
                  "The name of a dataplane that is deleted in the same transaction if it holds an"
                      + " address that a dataplane of the stream claims")
          @RequestParam(required = false)
          @Nullable String replaces) {
    List<Accepted<Resource>> documents = read(RequestDocuments.stream(request));
    if (documents.stream().anyMatch(document -> document.resource().name().equals(replaces))) {
      throw ProblemException.badRequest(
          "replaces", "names \"" + replaces + "\", which the stream describes itself");
    }
    List<Write> writes =
        documents.stream()
            .map(Accepted::resource)
            .sorted(Comparator.comparingInt(ApplyController::turn))
            .<Write>map(resource -> put(resource, Optional.ofNullable(replaces)))
            .toList();
    try {
      return dryRun ? rehearse(documents, writes) : write(documents, writes);
    } catch (StoreException e) {
      throw refused(e, documents);
    }
  }

  private ApplyAnswer rehearse(List<Accepted<Resource>> documents, List<Write> writes) {
    Effects.Before before = effects.before(writes);
    Map<ResourceKey, WriteResult> results = byKey(store.rehearse(writes, operator.author()));
    return answer(documents, results, effects.of(before, results.values()));
  }

  private ApplyAnswer write(List<Accepted<Resource>> documents, List<Write> writes) {
    return answer(documents, byKey(store.write(writes, operator.author())), null);
  }

  private static Map<ResourceKey, WriteResult> byKey(List<WriteResult> results) {
    Map<ResourceKey, WriteResult> byKey = new HashMap<>();
    results.forEach(result -> byKey.put(result.stored().key(), result));
    return byKey;
  }

  /** Says which of the documents the store refuses. */
  private static RuntimeException refused(StoreException e, List<Accepted<Resource>> documents) {
    List<ResourceKey> keys =
        documents.stream().map(each -> ResourceKey.of(each.resource())).toList();
    int index = keys.indexOf(e.key());
    return index < 0
        ? e
        : new ProblemException(
            StoreProblems.of(e)
                .within("documents[" + index + "]", e.key().type() + " " + e.key().name()));
  }

  private static Write put(Resource resource, Optional<String> replaces) {
    return new Write.Put(
        resource,
        new Write.Precondition.Anything(),
        resource instanceof Dataplane ? replaces : Optional.empty());
  }

  /** A mesh is there before what is in it, and a policy before the dataplanes that it selects. */
  private static int turn(Resource resource) {
    return switch (resource) {
      case Mesh _ -> 0;
      case Policy _ -> 1;
      default -> 2;
    };
  }

  /** Reads all documents; what is wrong in any of them is told at once. */
  private List<Accepted<Resource>> read(List<Document> stream) {
    List<Accepted<Resource>> documents = new ArrayList<>();
    List<Violation> violations = new ArrayList<>();
    Set<ResourceKey> seen = new HashSet<>();
    if (stream.isEmpty()) {
      violations.add(new Violation("", "the body has no documents"));
    }
    for (Document document : stream) {
      String path = "documents[" + (document.number() - 1) + "]";
      try {
        Accepted<Resource> accepted = ResourceDocuments.any(document.tree(), views::policies);
        documents.add(accepted);
        if (!seen.add(ResourceKey.of(accepted.resource()))) {
          violations.add(
              new Violation(
                  path,
                  "describes "
                      + accepted.resource().type()
                      + " "
                      + accepted.resource().name()
                      + " a second time"));
        }
      } catch (InvalidResource e) {
        e.violations()
            .forEach(
                each ->
                    violations.add(
                        new Violation(
                            each.field().isEmpty() ? path : path + "." + each.field(),
                            each.reason())));
      }
    }
    if (!violations.isEmpty()) {
      throw ResourceDocuments.invalid(violations);
    }
    return documents;
  }

  private static ApplyAnswer answer(
      List<Accepted<Resource>> documents,
      Map<ResourceKey, WriteResult> results,
      Effects.@Nullable EffectsAnswer effects) {
    return new ApplyAnswer(
        effects != null,
        documents.stream()
            .map(
                document -> {
                  ResourceKey key = ResourceKey.of(document.resource());
                  WriteResult result = results.get(key);
                  return new AppliedAnswer(
                      key.type(),
                      key.mesh(),
                      key.name(),
                      result == null
                          ? "unchanged"
                          : result.outcome().name().toLowerCase(Locale.ROOT),
                      document.warnings());
                })
            .toList(),
        effects);
  }
}
