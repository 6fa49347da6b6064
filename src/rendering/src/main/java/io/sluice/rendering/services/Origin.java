package io.sluice.rendering.services;

import io.sluice.resources.virtualoutbound.VirtualOutbound.Rank;
import java.util.Comparator;

/** Who wants a name to lead to a destination. */
public sealed interface Origin {

  /** Who wins a host's port comes first: the order of policies alone, never of dataplanes. */
  Comparator<Origin> PRECEDENCE = Origin::compare;

  /** A service as such: every one has names by default. */
  record DefaultName(String service, Spelling spelling) implements Origin {

    private static final Comparator<DefaultName> ORDER =
        Comparator.comparing(DefaultName::spelling).thenComparing(DefaultName::service);
  }

  /** How a service's default name comes from the service's; the former wins. */
  enum Spelling {
    /** It is the service's own name. */
    EXACT,
    /** It is the service's own name in lower case. */
    LOWERED,
    /** It has dots in place of the service's underscores. */
    DOTTED
  }

  /**
   * A VirtualOutbound, as it selects some inbounds.
   *
   * @param name the policy's
   * @param rank how well it selects them; the higher wins
   * @param created when it was created, in microseconds since 1970; the later wins
   */
  record Policy(String name, Rank rank, long created) implements Origin {

    private static final Comparator<Policy> ORDER =
        Comparator.comparing(Policy::rank)
            .thenComparingLong(Policy::created)
            .reversed()
            .thenComparing(Policy::name);
  }

  private static int compare(Origin one, Origin other) {
    return switch (one) {
      case Policy policy ->
          switch (other) {
            case Policy that -> Policy.ORDER.compare(policy, that);
            case DefaultName _ -> -1;
          };
      case DefaultName name ->
          switch (other) {
            case Policy _ -> 1;
            case DefaultName that -> DefaultName.ORDER.compare(name, that);
          };
    };
  }
}
