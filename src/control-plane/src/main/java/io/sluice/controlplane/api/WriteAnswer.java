package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What a write answers: nothing more than what its author should know. */
@Schema(description = "The answer to a write that was done.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record WriteAnswer(
    @Schema(
            description = "What the author should know although the resource was accepted",
            example = "[\"networking.inbound[0].serviceProbe: is kept, and not acted on yet\"]")
        List<String> warnings) {

  WriteAnswer {
    warnings = List.copyOf(warnings);
  }
}
