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

  /** The dataplane was deleted. */
  record Gone() implements Poll {}

  /**
   * No answer that says anything about the bundle.
   *
   * @param retryAfterSeconds as the server asked, else 0
   */
  record Unavailable(String reason, int retryAfterSeconds) implements Poll {}
}
