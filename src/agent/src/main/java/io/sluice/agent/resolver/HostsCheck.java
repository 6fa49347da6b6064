package io.sluice.agent.resolver;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Addresses;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whether a bundle's names are what docs/bundle.md says they are. */
public final class HostsCheck {

  /** Where a bundle has them. */
  public static final String PATH = "dns/hosts";

  private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final int NAMES_A_LINE = 64;

  private HostsCheck() {}

  /** Refuses everything but lines of one address and its names, with single spaces between. */
  static void check(byte[] content) throws RefusedException {
    String text;
    try {
      text = StandardCharsets.US_ASCII.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(PATH + " has characters beyond ASCII");
    }
    if (text.isEmpty()) {
      return;
    }
    if (!text.endsWith("\n")) {
      throw new RefusedException(PATH + " ends within a line");
    }
    int number = 0;
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      number++;
      String[] words = line.split(" ", -1);
      if (!Addresses.isLiteral(words[0])) {
        throw refused(number, "\"" + brief(words[0]) + "\" is no address");
      }
      if (words.length < 2 || words.length > NAMES_A_LINE + 1) {
        throw refused(number, "it has not 1 to " + NAMES_A_LINE + " names");
      }
      for (int i = 1; i < words.length; i++) {
        if (words[i].length() > 253 || !NAME.matcher(words[i]).matches()) {
          throw refused(number, "\"" + brief(words[i]) + "\" is no name in lower case");
        }
      }
    }
  }

  private static RefusedException refused(int line, String why) {
    return new RefusedException(PATH + ", line " + line + ": " + why);
  }

  private static String brief(String word) {
    return word.length() > 64 ? word.substring(0, 64) + "…" : word;
  }
}
