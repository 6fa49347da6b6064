package io.sluice.agent.protocol;

import io.sluice.agent.bundle.Digest;
import java.io.InputStream;

/** What a request for the bundle ended with. */
public sealed interface Poll {

  /**
   * Another bundle than the host has or refused.
   *
   * @param revision the store's, as the server spells it
   * @param pack what the host lacks; must be read before the next request
   */
  record Changed(Digest digest, String revision, InputStream pack) implements Poll {}

  /** The bundle is one that the host has or refused. */
  record Unchanged() implements Poll {}

  /** The control plane knows no such dataplane (yet). */
  record Absent() implements Poll {}

  /** The control plane knows other facts about this host than those that were named, or none. */
  record FactsWanted() implements Poll {}

  /** The dataplane is no more. */
  record Gone(Deletion by) implements Poll {}

  /** Who deleted a dataplane. */
  enum Deletion {
    /** Somebody who wanted it; also what a control plane means that does not say. */
    OPERATOR,
    /** The control plane, which had not heard of its agent for long. */
    COLLECTION,
    /** Its agent's own goodbye. */
    GOODBYE;

    /** As the header {@code Sluice-Deleted-By} says it. */
    static Deletion of(String header) {
      return switch (header) {
        case "collection" -> COLLECTION;
        case "goodbye" -> GOODBYE;
        default -> OPERATOR;
      };
    }
  }

  /**
   * No answer that says anything about the bundle.
   *
   * @param retryAfterSeconds as the server asked, else 0
   */
  record Unavailable(String reason, int retryAfterSeconds) implements Poll {}
}
