package io.sluice.rendering.services;

import java.util.Comparator;

/** Who wants a name to lead to a destination. */
public sealed interface Origin {

  /** Who wins a host's port comes first: the order of policies alone, never of dataplanes. */
  Comparator<Origin> PRECEDENCE = Origin::compare;

  /** A service as such: every one has names by default. */
  record DefaultName(String service) implements Origin {}

  /**
   * A VirtualOutbound, as it matches some inbounds.
   *
   * @param name the policy's
   * @param tags how many tags the matching selector has; more win
   * @param exact how many of these have a value; more win
   * @param created when the policy was created, in microseconds since 1970; later wins
   */
  record Policy(String name, int tags, int exact, long created) implements Origin {

    private static final Comparator<Policy> ORDER =
        Comparator.comparingInt(Policy::tags)
            .thenComparingInt(Policy::exact)
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
            case DefaultName that -> name.service().compareTo(that.service());
          };
    };
  }
}
