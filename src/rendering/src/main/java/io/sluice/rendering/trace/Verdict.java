package io.sluice.rendering.trace;

/** What the kernel does with a packet. */
public sealed interface Verdict {

  /** It goes where it wanted to. */
  record Untouched() implements Verdict {}

  /** It is handed to a port of this host. */
  record Redirected(Redirection to, int port) implements Verdict {}

  /** It is thrown away without an answer. */
  record Dropped() implements Verdict {}

  /** To whom the kernel hands a packet. */
  enum Redirection {
    /** Envoy's listener for connections that arrive. */
    INBOUND,
    /** Envoy's listener for connections that processes of the host, or its containers, open. */
    OUTBOUND,
    /** The resolver that answers DNS questions. */
    DNS
  }
}
