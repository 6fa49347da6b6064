package io.sluice.controlplane.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.controlplane.store.ResourceKey;
import org.springframework.http.HttpStatus;

/**
 * The problem of a dataplane that is no more, as docs/agent-protocol.md has it.
 *
 * @param deletedBy who deleted it: {@code operator}, {@code collection} or {@code goodbye}
 */
record DeletedProblem(
    String title, int status, String detail, @JsonProperty("deleted_by") String deletedBy) {

  static DeletedProblem of(ResourceKey dataplane, Deletion why) {
    return new DeletedProblem(
        "Dataplane deleted", HttpStatus.GONE.value(), why.detail(dataplane), why.text());
  }
}
