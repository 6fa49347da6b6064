package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.WriteResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became, or would become, of a stream. */
@Schema(name = "ApplyResult", description = "What became, or would become, of a stream.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApplyAnswer(
    boolean dryRun,
    @Schema(description = "One for each document, in their order") List<AppliedAnswer> results,
    @Schema(description = "With `dryRun` only: whose files would change")
        @Nullable EffectsAnswer effects)
    implements PlainText {

  ApplyAnswer {
    results = List.copyOf(results);
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

  /**
   * The answer to a stream.
   *
   * @param effects absent where it was written
   */
  static ApplyAnswer of(
      DocumentStream stream,
      Map<ResourceKey, WriteResult> results,
      @Nullable EffectsAnswer effects) {
    return new ApplyAnswer(
        effects != null,
        stream.documents().stream()
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

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    for (AppliedAnswer result : results) {
      text.append("# ").append(result.type()).append(' ');
      if (!result.mesh().isEmpty()) {
        text.append(result.mesh()).append('/');
      }
      text.append(result.name()).append(": ").append(result.outcome()).append('\n');
      result.warnings().forEach(warning -> text.append("#   ").append(warning).append('\n'));
    }
    if (effects != null) {
      text.append(effects.text());
    }
    return text.toString();
  }
}
