package io.sluice.resources.document;

import java.util.Locale;
import java.util.Optional;

/** What no text of a document may hold, whether it stands there as it is or as an escape. */
public final class Texts {

  private Texts() {}

  /**
   * The first character that is not allowed: control characters other than tabs and line breaks,
   * which no store and no terminal takes well, and halves of surrogate pairs, which are no text.
   */
  public static Optional<Forbidden> forbidden(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) {
        return Optional.of(new Forbidden(i, "the control character U+%04X", c));
      }
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return Optional.of(new Forbidden(i, "half of a surrogate pair, U+%04X,", c));
        }
        i++;
      }
    }
    return Optional.empty();
  }

  /**
   * A character that is not allowed.
   *
   * @param index where it stands
   * @param pattern what kind it is, with a place for its number
   */
  public record Forbidden(int index, String pattern, char character) {

    /** The character by kind and number: it can't be shown as it is. */
    public String shown() {
      return String.format(Locale.ROOT, pattern, (int) character);
    }

    String reason() {
      return shown() + " is not allowed in a document";
    }
  }
}
