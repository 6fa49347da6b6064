package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import java.util.ArrayList;
import java.util.List;

/** The words of one line of {@code iptables-restore}, quoted where they need it. */
final class RuleWords {

  private RuleWords() {}

  static List<String> of(String line) throws RefusedException {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c < ' ' || c > '~') {
        throw new RefusedException("a rule has a character that is not printable ASCII");
      }
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any || !word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
        any = false;
      } else {
        word.append(c);
      }
    }
    if (quoted) {
      throw new RefusedException("a rule has a quote without end: " + line);
    }
    if (any || !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  static String text(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      boolean plain = word.matches("[A-Za-z0-9_.,:/!*+=-]+");
      line.append(plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return line.toString();
  }
}
