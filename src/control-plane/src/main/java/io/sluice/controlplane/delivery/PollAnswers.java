package io.sluice.controlplane.delivery;

import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.security.AgentAuthentication;
import io.sluice.controlplane.security.DataplaneTokens;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Digest;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Turns what there is to say into HTTP. */
@Component
class PollAnswers {

  private static final String RETRY_SECONDS = "2";

  private final Answers answers;
  private final Bundles bundles;
  private final DataplaneTokens tokens;
  private final Fleet fleet;
  private final PackedDifferences differences = new PackedDifferences();
  private final Deflations deflations = new Deflations();

  PollAnswers(Answers answers, Bundles bundles, DataplaneTokens tokens, Fleet fleet) {
    this.answers = answers;
    this.bundles = bundles;
    this.tokens = tokens;
    this.fleet = fleet;
  }

  /** The answer for a poll that has waited, whose token may have been revoked meanwhile. */
  ResponseEntity<?> confirmed(Poll poll, ResponseEntity<?> answer) {
    return tokens.isValid(poll.caller().id())
        ? answer
        : problem(AgentAuthentication.unauthenticated(), new HttpHeaders());
  }

  /** The answer to a poll whose wait is over. */
  ResponseEntity<?> unchanged(Poll poll) {
    ResponseEntity.HeadersBuilder<?> answer = ResponseEntity.status(HttpStatus.NOT_MODIFIED);
    fleet.desired(poll.dataplane()).ifPresent(digest -> answer.eTag(tag(digest)));
    return answer.build();
  }

  /** The answer to a poll whose turn did not come in time: all agents came at once. */
  ResponseEntity<?> busy() {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    return problem(
        Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Busy",
            "other hosts' bundles are being rendered; go on with what you have"),
        headers);
  }

  /** The answer while this replica stops: not to be asked again on this connection. */
  ResponseEntity<?> stopping() {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    headers.set(HttpHeaders.CONNECTION, "close");
    return problem(
        Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE, "Stopping", "this control plane is being stopped"),
        headers);
  }

  /** A manifest or file of a dataplane's bundle, which is rendered again if it is held no more. */
  Optional<byte[]> object(ResourceKey dataplane, Digest digest) {
    return bundles
        .object(dataplane, digest)
        .or(
            () ->
                answers.now(dataplane, Optional.empty()) instanceof Answer.Current current
                    ? current.bundle().object(digest)
                    : Optional.empty());
  }

  /** An answer; nothing if there is no news and the poll should wait. */
  Optional<ResponseEntity<?>> news(Poll poll) {
    return switch (answers.now(poll.dataplane(), poll.facts())) {
      case Answer.Current current -> current(poll, current);
      case Answer.OtherFacts() ->
          Optional.of(
              problem(
                  Problem.of(
                      HttpStatus.PRECONDITION_REQUIRED,
                      "Facts wanted",
                      "other facts are known about this host; PUT /agent/v1/facts and poll again"),
                  new HttpHeaders()));
      case Answer.Unknown() ->
          Optional.of(
              problem(
                  Problem.of(
                      HttpStatus.NOT_FOUND,
                      "Dataplane not found",
                      "there is no dataplane "
                          + poll.dataplane().name()
                          + " in mesh "
                          + poll.dataplane().mesh()
                          + " yet"),
                  new HttpHeaders()));
      case Answer.Deleted(Deletion why) ->
          Optional.of(
              ResponseEntity.status(HttpStatus.GONE)
                  .header(Deletion.HEADER, why.text())
                  .contentType(Problem.MEDIA_TYPE)
                  .body(DeletedProblem.of(poll.dataplane(), why)));
      case Answer.NotLoaded() -> {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        yield Optional.of(
            problem(
                Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Not ready",
                    "the resources are still being loaded"),
                headers));
      }
    };
  }

  private Optional<ResponseEntity<?>> current(Poll poll, Answer.Current current) {
    Digest digest = current.bundle().digest();
    fleet.wants(poll.dataplane(), digest);
    if (poll.known().includes(digest)) {
      return Optional.empty();
    }
    return Optional.of(
        ResponseEntity.ok()
            .eTag(tag(digest))
            .header("Sluice-Revision", Long.toString(current.revision()))
            .contentType(PackConverter.ZIP)
            .body(pack(poll, current.bundle())));
  }

  private Pack pack(Poll poll, Bundle bundle) {
    if (poll.known().applied().isEmpty()) {
      return Pack.whole(bundle, deflations);
    }
    Optional<Bundle> applied =
        poll.known().applied().flatMap(digest -> bundles.held(poll.dataplane(), digest));
    if (applied.isEmpty()) {
      return Pack.outline(bundle, deflations);
    }
    return switch (poll.packs()) {
      case DIFFERENCES -> differences.pack(Difference.between(applied.get(), bundle));
      case MANIFESTS -> Pack.since(applied.get(), bundle, deflations);
    };
  }

  private static String tag(Digest digest) {
    return "\"" + digest + "\"";
  }

  private static ResponseEntity<?> problem(Problem problem, HttpHeaders headers) {
    return ResponseEntity.status(problem.status())
        .headers(headers)
        .contentType(Problem.MEDIA_TYPE)
        .body(problem);
  }
}
