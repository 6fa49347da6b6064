package io.sluice.rendering.iptables;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One rule: all of its conditions met, its target decides.
 *
 * @param reason why the rule is there, for those who read the rules on the host: it becomes the
 *     rule's comment
 */
public record Rule(List<Match> matches, Target target, String reason) {

  /** The kernel keeps 256 bytes for a comment, the last of which is a zero. */
  private static final int LONGEST_REASON = 255;

  /** Refuses a reason that can't be a comment. */
  public Rule {
    matches = List.copyOf(matches);
    if (reason.isBlank() || reason.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a reason is one line of text: '" + reason + "'");
    }
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "a reason has at most %d bytes, not %d: '%s'".formatted(LONGEST_REASON, length, reason));
    }
  }
}
