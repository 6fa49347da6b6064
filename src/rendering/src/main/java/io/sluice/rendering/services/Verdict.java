package io.sluice.rendering.services;

/** What somebody who gives names makes of an inbound's tags. */
sealed interface Verdict {

  /** The inbound is reached by it. */
  record Named(Claim claim) implements Verdict {}

  /** It gets no name. */
  record Nameless(Origin origin, String reason) implements Verdict {}
}
