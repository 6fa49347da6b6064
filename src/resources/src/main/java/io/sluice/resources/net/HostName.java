package io.sluice.resources.net;

import java.util.Locale;
import java.util.regex.Pattern;

/** DNS names as Kuma takes them (underscores and upper case too), and what they have in common. */
public final class HostName {

  private static final Pattern NAME =
      Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(\\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*\\.?");

  /**
   * A name whose last label is a number is a mistyped address: no top-level domain is one (RFC 3696
   * section 2).
   */
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

  /** What agents take into their resolver (docs/bundle.md). */
  private static final Pattern ANSWERABLE =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  private HostName() {}

  /** Whether a text may be a DNS name, and is not an address, well or badly spelt. */
  public static boolean isValid(String text) {
    return text.length() <= 253 && NAME.matcher(text).matches() && !NUMERIC.matcher(text).matches();
  }

  /** The one spelling of an address or name by which two of them can be compared. */
  public static String canonical(String addressOrName) {
    return IpAddress.parse(addressOrName)
        .map(IpAddress::toString)
        .orElseGet(() -> canonicalName(addressOrName));
  }

  /**
   * Whether a name in lower case is one that the resolver of a host can answer: {@code localhost}
   * and what is below it are the host itself, whatever a mesh offers (RFC 6761 section 6.3).
   */
  public static boolean isAnswerable(String name) {
    return isValid(name)
        && ANSWERABLE.matcher(name).matches()
        && !("." + name).endsWith(".localhost");
  }

  /** The name in lower case and without a dot at its end, whatever it is. */
  public static String inLowerCase(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static String canonicalName(String name) {
    String plain = inLowerCase(name);
    // RFC 6761 section 6.3: this one name is known without asking anyone.
    return plain.equals("localhost") ? "127.0.0.1" : plain;
  }
}
