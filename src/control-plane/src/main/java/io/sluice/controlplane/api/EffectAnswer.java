package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.rendering.diff.Interruption;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How one dataplane's files change. */
@Schema(
    name = "Effect",
    description = "How one dataplane's files change, and which connections that cuts.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record EffectAnswer(
    String mesh,
    String name,
    @Schema(description = "What becomes of connections") List<WarningAnswer> warnings,
    @JsonInclude(JsonInclude.Include.ALWAYS)
        @Schema(
            description =
                "The unified difference of each file that changes, by path; JSON is compared field"
                    + " by field")
        SortedMap<String, String> files,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @Schema(
            description =
                "How many files change besides, where the answer would have been too long",
            example = "0")
        int filesOmitted,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @Schema(
            description =
                "For how many new names the addresses in the files are provisional: others may be"
                    + " given these first; absent for none",
            example = "0")
        int provisionalNames,
    @Schema(description = "Why no bundle can be made any more, if none can")
        @Nullable String problem)
    implements PlainText {

  EffectAnswer {
    warnings = List.copyOf(warnings);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** One thing that a change cuts. */
  @Schema(name = "EffectWarning", description = "What a change cuts, or may cut.")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record WarningAnswer(
      @Schema(
              description = "The resource that says so, or `default`",
              example = "MeshTransparentProxy virtual-machines")
          String origin,
      @Schema(
              description = "The field, of a policy within `spec.default`; absent for a deletion",
              example = "redirect.inbound.protectedPorts")
          String field,
      @Schema(description = "What becomes of which connections") String consequence) {

    static WarningAnswer of(Interruption interruption) {
      return new WarningAnswer(
          interruption.origin(), interruption.field(), interruption.consequence());
    }
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder("# Dataplane ");
    text.append(mesh).append('/').append(name).append(": ");
    int changed = files.size() + filesOmitted;
    text.append(changed == 1 ? "1 file changes\n" : changed + " files change\n");
    if (problem != null) {
      text.append("# no bundle can be made: ").append(problem).append('\n');
    }
    for (WarningAnswer warning : warnings) {
      text.append("# warning: ").append(warning.origin());
      if (!warning.field().isEmpty()) {
        text.append(", ").append(warning.field());
      }
      text.append(": ").append(warning.consequence()).append('\n');
    }
    if (provisionalNames > 0) {
      text.append("# the addresses shown for ")
          .append(provisionalNames == 1 ? "1 new name" : provisionalNames + " new names")
          .append(" are provisional\n");
    }
    files.values().forEach(text::append);
    if (filesOmitted > 0) {
      text.append("# ").append(filesOmitted).append(" more files of this dataplane change\n");
    }
    return text.toString();
  }
}
