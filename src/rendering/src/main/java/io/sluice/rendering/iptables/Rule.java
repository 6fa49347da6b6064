package io.sluice.rendering.iptables;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One rule: all of its conditions met, its target decides.
 *
 * @param reason why the rule is there, for those who read the rules on the host: it becomes the
 *     rule's comment
 */
public record Rule(List<Match> matches, Target target, String reason) {

  /** The kernel keeps 256 bytes for a comment, the last of which is a zero. */
  private static final int LONGEST_REASON = 255;

  private static final Pattern PRINTABLE = Pattern.compile("(?! *$)[ -~]{1,255}");

  /** Refuses a reason that can't be a comment. */
  public Rule {
    matches = List.copyOf(matches);
    if (!PRINTABLE.matcher(reason).matches()) {
      throw new IllegalArgumentException(
          "a reason is up to %d printable ASCII characters, not '%s'"
              .formatted(LONGEST_REASON, reason));
    }
  }
}
