package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Whose files would change. */
@Schema(name = "Effects", description = "Whose files would change.")
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
record EffectsAnswer(
    @JsonInclude(JsonInclude.Include.ALWAYS)
        @Schema(description = "How many dataplanes' files would change", example = "1")
        int total,
    @Schema(description = "For how many of them there are warnings; absent for none", example = "1")
        int interrupted,
    @Schema(
            description =
                "How many dataplanes besides the documents concern, beyond the first 1000, which are"
                    + " not rendered and not among `total`; absent for none",
            example = "0")
        int notCompared,
    @JsonInclude(JsonInclude.Include.ALWAYS)
        @Schema(description = "The first 100 of them, by mesh and name")
        List<EffectAnswer> dataplanes)
    implements PlainText {

  EffectsAnswer {
    dataplanes = List.copyOf(dataplanes);
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder("# ");
    text.append(total == 1 ? "1 dataplane changes" : total + " dataplanes change");
    if (interrupted > 0) {
      text.append(", ").append(interrupted).append(" with warnings");
    }
    text.append('\n');
    dataplanes.forEach(dataplane -> text.append(dataplane.text()));
    if (total > dataplanes.size()) {
      text.append("# and ").append(total - dataplanes.size()).append(" more dataplanes\n");
    }
    if (notCompared > 0) {
      text.append("# ").append(notCompared).append(" more are concerned and were not compared\n");
    }
    return text.toString();
  }
}
