package io.sluice.controlplane.api;

import io.sluice.controlplane.http.Accepted;
import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.security.Operator;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Writes single resources of any type. Statuses and bodies are those that kumactl insists on. */
@Component
class ResourceWrites {

  private final ResourceStore store;
  private final Conditions conditions;
  private final Operator operator;

  ResourceWrites(ResourceStore store, Conditions conditions, Operator operator) {
    this.store = store;
    this.conditions = conditions;
    this.operator = operator;
  }

  /** PUT: creates or replaces. */
  ResponseEntity<WriteAnswer> put(
      HttpServletRequest request, Accepted<?> accepted, Optional<String> replaces) {
    ResourceKey key = ResourceKey.of(accepted.resource());
    return answer(
        request,
        write(new Write.Put(accepted.resource(), conditions.of(request, key), replaces)),
        accepted.warnings(),
        false);
  }

  /** POST to a collection: creates; the same content again is no error, another content is. */
  ResponseEntity<WriteAnswer> create(
      HttpServletRequest request, Accepted<?> accepted, Optional<String> replaces) {
    if (request.getHeader(HttpHeaders.IF_MATCH) != null) {
      throw ProblemException.badRequest(
          HttpHeaders.IF_MATCH,
          "can't be sent with a POST, which only creates; to replace what you have read, PUT to "
              + location(request, ResourceKey.of(accepted.resource()), true).getPath());
    }
    try {
      return answer(
          request,
          write(new Write.Put(accepted.resource(), new Write.Precondition.Absent(), replaces)),
          accepted.warnings(),
          true);
    } catch (StoreException.PreconditionFailed e) {
      return again(request, accepted);
    }
  }

  /** DELETE; the answer is 200, which kumactl insists on. */
  ResponseEntity<WriteAnswer> delete(HttpServletRequest request, ResourceKey key) {
    write(new Write.Delete(key, conditions.of(request, key)));
    return ResponseEntity.ok(new WriteAnswer(List.of()));
  }

  private ResponseEntity<WriteAnswer> again(HttpServletRequest request, Accepted<?> accepted) {
    ResourceKey key = ResourceKey.of(accepted.resource());
    StoredResource present = store.find(key).orElseThrow(() -> new StoreException.NotFound(key));
    if (present.resource().equals(accepted.resource())) {
      return answer(
          request,
          new WriteResult(WriteResult.Outcome.UNCHANGED, present),
          accepted.warnings(),
          true);
    }
    throw new ProblemException(
        Problem.of(
            HttpStatus.CONFLICT,
            "Already exists",
            key.type()
                + " "
                + key.name()
                + " exists with other content; PUT to "
                + location(request, key, true).getPath()
                + " replaces it",
            "name",
            "is taken by a " + key.type() + " with other content"));
  }

  private WriteResult write(Write write) {
    return store.write(List.of(write), operator.author()).getFirst();
  }

  private static ResponseEntity<WriteAnswer> answer(
      HttpServletRequest request, WriteResult result, List<String> warnings, boolean collection) {
    ResponseEntity.BodyBuilder answer =
        result.outcome() == WriteResult.Outcome.CREATED
            ? ResponseEntity.created(location(request, result.stored().key(), collection))
            : ResponseEntity.ok();
    return answer.eTag(Conditions.tag(result.stored())).body(new WriteAnswer(warnings));
  }

  private static URI location(HttpServletRequest request, ResourceKey key, boolean collection) {
    ServletUriComponentsBuilder here = ServletUriComponentsBuilder.fromRequestUri(request);
    return collection ? here.pathSegment(key.name()).build().toUri() : here.build().toUri();
  }
}
