package io.sluice.controlplane.api;

import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.controlplane.store.Write.Precondition;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Turns {@code If-Match} and {@code If-None-Match} of a write into what the store checks. */
@Component
class Conditions {

  private static final String ANY = "*";

  private final ResourceStore store;

  Conditions(ResourceStore store) {
    this.store = store;
  }

  /** The entity tag of a resource: the revision that made it so. */
  static String tag(StoredResource stored) {
    return "\"" + stored.revision() + "\"";
  }

  /**
   * What must hold in the store when the write happens. Where a header names several tags, the one
   * in force now is taken, and the store checks that it still is.
   */
  Precondition of(HttpServletRequest request, ResourceKey key) {
    List<String> match = tags(request, HttpHeaders.IF_MATCH);
    List<String> noneMatch = tags(request, HttpHeaders.IF_NONE_MATCH);
    if (!match.isEmpty() && !noneMatch.isEmpty()) {
      throw ProblemException.badRequest(
          HttpHeaders.IF_NONE_MATCH, "can't be combined with If-Match");
    }
    if (match.contains(ANY)) {
      return new Precondition.Present();
    }
    if (noneMatch.contains(ANY)) {
      return new Precondition.Absent();
    }
    if (match.isEmpty() && noneMatch.isEmpty()) {
      return new Precondition.Anything();
    }
    Optional<StoredResource> current = store.find(key);
    boolean named =
        current.map(Conditions::tag).filter(tag -> contains(match, noneMatch, tag)).isPresent();
    if (named == match.isEmpty()) {
      throw new ProblemException(
          Problem.of(
              HttpStatus.PRECONDITION_FAILED,
              "Precondition failed",
              key.type()
                  + " "
                  + key.name()
                  + current
                      .map(stored -> " is at revision " + tag(stored))
                      .orElse(" does not exist")
                  + "; read it again and repeat your change"));
    }
    return current
        .<Precondition>map(stored -> new Precondition.Revision(stored.revision()))
        .orElseGet(Precondition.Absent::new);
  }

  private static boolean contains(List<String> match, List<String> noneMatch, String tag) {
    return match.contains(tag) || noneMatch.contains(tag);
  }

  /** Weak tags stay as they are and so match nothing, as RFC 9110 wants it for writes. */
  private static List<String> tags(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> java.util.Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(tag -> !tag.isEmpty())
        .collect(Collectors.toList());
  }
}
