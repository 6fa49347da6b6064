package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks one JSON object and tells its scalars: enough to know that a file is one object and what it
 * names, without keeping it.
 */
final class JsonScanner {

  private static final int DEPTH = 100;

  /** Hears about each scalar. */
  interface Listener {
    /**
     * A scalar.
     *
     * @param path the keys that lead to it with dots between, {@code []} for each array
     * @param value the string's content, or the text of a number or literal
     */
    void scalar(String path, String value) throws RefusedException;
  }

  private final String text;
  private final Listener listener;
  private int at;

  private JsonScanner(String text, Listener listener) {
    this.text = text;
    this.listener = listener;
  }

  /** Refuses bytes that are not exactly one JSON object without white space around it. */
  static void scan(byte[] content, Listener listener) throws RefusedException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException("it is not UTF-8");
    }
    if (!text.startsWith("{")) {
      throw new RefusedException("it does not begin with an object");
    }
    JsonScanner scanner = new JsonScanner(text, listener);
    scanner.value("", 0);
    if (scanner.at != text.length()) {
      throw new RefusedException("it goes on after its object");
    }
  }

  private void value(String path, int depth) throws RefusedException {
    if (depth > DEPTH) {
      throw new RefusedException("it nests deeper than " + DEPTH);
    }
    switch (peek()) {
      case '{' -> object(path, depth);
      case '[' -> array(path, depth);
      case '"' -> listener.scalar(path, string());
      default -> listener.scalar(path, literal());
    }
  }

  private void object(String path, int depth) throws RefusedException {
    java.util.Set<String> keys = new java.util.HashSet<>();
    at++;
    space();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      space();
      String key = string();
      if (!keys.add(key)) {
        throw new RefusedException("the key " + key + " stands twice");
      }
      space();
      expect(':');
      space();
      value(path.isEmpty() ? key : path + '.' + key, depth + 1);
      space();
      if (peek() == '}') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private void array(String path, int depth) throws RefusedException {
    at++;
    space();
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      space();
      value(path + "[]", depth + 1);
      space();
      if (peek() == ']') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private String string() throws RefusedException {
    expect('"');
    StringBuilder content = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return content.toString();
      }
      if (c < ' ') {
        throw malformed();
      }
      content.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() throws RefusedException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw malformed();
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw malformed();
    };
  }

  private String literal() throws RefusedException {
    int start = at;
    while (at < text.length() && "+-.0123456789eEtrufalsn".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String literal = text.substring(start, at);
    if (!literal.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw malformed();
    }
    return literal;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char c) throws RefusedException {
    if (next() != c) {
      at--;
      throw malformed();
    }
  }

  private char next() throws RefusedException {
    char c = peek();
    at++;
    return c;
  }

  private char peek() throws RefusedException {
    if (at >= text.length()) {
      throw new RefusedException("it ends too early");
    }
    return text.charAt(at);
  }

  private RefusedException malformed() {
    return new RefusedException("it is not JSON at character " + at);
  }
}
