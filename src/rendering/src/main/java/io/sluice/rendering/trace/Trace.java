package io.sluice.rendering.trace;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of a packet.
 *
 * @param summary all of it in one line
 * @param because the reason for the verdict
 * @param cause the rule that decided; none when no rule did
 * @param steps the tables that the packet came to, in the kernel's order
 * @param envoy the way through Envoy; none when Envoy does not get the packet, or it is not known
 *     which of its connections the packet belongs to
 * @param next what becomes of the connection that Envoy opens for it; none when it opens none or
 *     there are several ways
 * @param assumptions what was taken for granted because nobody said it
 */
public record Trace(
    Packet packet,
    String summary,
    Verdict verdict,
    String because,
    Optional<Consulted> cause,
    List<Step> steps,
    Optional<EnvoyPath> envoy,
    Optional<Trace> next,
    List<String> assumptions) {

  /** Copies the lists. */
  public Trace {
    steps = List.copyOf(steps);
    assumptions = List.copyOf(assumptions);
  }
}
