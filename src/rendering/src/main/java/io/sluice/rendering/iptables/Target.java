package io.sluice.rendering.iptables;

/** What becomes of a packet that meets a rule's conditions. */
public sealed interface Target {

  /** It goes on in one of our chains. */
  record Jump(Chain chain) implements Target {

    /** Refuses the kernel's own chains, which nobody can jump to. */
    public Jump {
      if (chain.owner() == Chain.Owner.KERNEL) {
        throw new IllegalArgumentException("nothing can jump to " + chain);
      }
    }
  }

  /** Its connection is handed to a port of this host. */
  record Redirect(int port) implements Target {

    /** Refuses what is no port. */
    public Redirect {
      Ports.check(port);
    }
  }

  /** It leaves the chain; out of our last one it goes its way untouched. */
  record Return() implements Target {}
}
