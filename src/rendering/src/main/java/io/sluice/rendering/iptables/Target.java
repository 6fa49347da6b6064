package io.sluice.rendering.iptables;

import java.util.regex.Pattern;

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

  /** It is dropped without an answer. */
  record Drop() implements Target {}

  /**
   * Conntrack keeps its connection apart from those of other zones, even with equal addresses and
   * ports. The packet goes on.
   */
  record Zone(int zone) implements Target {

    /** Refuses what is no zone but the usual one, 0. */
    public Zone {
      if (zone < 1 || zone > 65535) {
        throw new IllegalArgumentException("not a zone (1 to 65535): " + zone);
      }
    }
  }

  /**
   * The kernel logs it, and it goes on.
   *
   * @param level a syslog level, 0 (emergency) to 7 (debug)
   */
  record Log(String prefix, int level) implements Target {

    private static final Pattern PREFIX = Pattern.compile("[a-z: ]{1,29}");

    /** Refuses what the kernel would cut or not take. */
    public Log {
      if (!PREFIX.matcher(prefix).matches() || level < 0 || level > 7) {
        throw new IllegalArgumentException("no log rule: '%s' at %d".formatted(prefix, level));
      }
    }
  }
}
