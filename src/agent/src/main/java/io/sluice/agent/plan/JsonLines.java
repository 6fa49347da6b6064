package io.sluice.agent.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON on many lines, so that a difference shows what has changed. Text that is none stays text.
 */
final class JsonLines {

  private JsonLines() {}

  static List<String> of(String json) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        line.append(c);
        if (c == '\\' && i + 1 < json.length()) {
          line.append(json.charAt(++i));
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '{' || c == '[') {
        line.append(c);
        end(lines, line, ++depth);
      } else if (c == '}' || c == ']') {
        end(lines, line, --depth);
        line.append(c);
      } else if (c == ',') {
        line.append(c);
        end(lines, line, depth);
      } else if (!Character.isWhitespace(c)) {
        quoted = c == '"';
        line.append(c);
      }
    }
    end(lines, line, 0);
    return lines;
  }

  private static void end(List<String> lines, StringBuilder line, int depth) {
    if (!line.toString().isBlank()) {
      lines.add(line.toString());
    }
    line.setLength(0);
    line.repeat(' ', Math.max(0, 2 * depth));
  }
}
