package io.sluice.rendering.iptables;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One rule: all of its conditions met, its target decides.
 *
 * @param reason why the rule is there, for those who read the rules on the host: it becomes the
 *     rule's comment
 * @param setting the path of the setting that caused the rule, such as {@code
 *     redirect.inbound.excludePorts}; empty for a rule that every host has
 * @param place only in chains of the kernel can it be {@link Place#FIRST}
 */
public record Rule(List<Match> matches, Target target, String reason, String setting, Place place) {

  /** The kernel keeps 256 bytes for a comment, the last of which is a zero. */
  private static final int LONGEST_REASON = 255;

  private static final Pattern PRINTABLE = Pattern.compile("(?! *$)[ -~]{1,255}");

  /** Refuses a reason that can't be a comment, and ports without a protocol before them. */
  public Rule {
    matches = List.copyOf(matches);
    if (!PRINTABLE.matcher(reason).matches()) {
      throw new IllegalArgumentException(
          "a reason is up to %d printable ASCII characters, not '%s'"
              .formatted(LONGEST_REASON, reason));
    }
    boolean protocol = false;
    for (Match match : matches) {
      protocol |= match instanceof Match.Protocol;
      if (!protocol && needsProtocol(match)) {
        throw new IllegalArgumentException("no protocol before " + match + ": " + reason);
      }
    }
  }

  /** A rule that stands last. */
  public Rule(List<Match> matches, Target target, String reason, String setting) {
    this(matches, target, reason, setting, Place.LAST);
  }

  /** The same rule at another place. */
  Rule at(Place other) {
    return new Rule(matches, target, reason, setting, other);
  }

  private static boolean needsProtocol(Match match) {
    return match instanceof Match.Syn
        || match instanceof Match.DestinationPorts
        || match instanceof Match.SourcePorts;
  }
}
