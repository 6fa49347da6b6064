package io.sluice.resources.validation;

import java.util.Map;
import java.util.regex.Pattern;

/** What tags may look like, with the messages that Kuma's users know. */
public final class TagRules {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9.\\-_:/]*");
  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9.\\-_:]*");

  private TagRules() {}

  /** Tags that an inbound, a gateway or an outbound carries. */
  public static void check(Map<String, String> tags, Path at, Findings findings) {
    tags.forEach(
        (name, value) -> {
          checkName(name, value, at, findings);
          if (!VALUE.matcher(value).matches()) {
            findings.violation(
                at.key(name),
                "tag value must consist of alphanumeric characters, dots, dashes and underscores,"
                    + " not \""
                    + value
                    + "\" (colons are allowed too)");
          }
        });
  }

  /** Tags that select others: {@code *} stands for any value. At least one is needed. */
  public static void checkSelector(Map<String, String> tags, Path at, Findings findings) {
    if (tags.isEmpty()) {
      findings.violation(at, "must have at least one tag");
    }
    tags.forEach(
        (name, value) -> {
          checkName(name, value, at, findings);
          if (!value.equals("*") && !VALUE.matcher(value).matches()) {
            findings.violation(
                at.key(name),
                "tag value must consist of alphanumeric characters, dots, dashes, slashes and"
                    + " underscores or be \"*\", not \""
                    + value
                    + "\"");
          }
        });
  }

  /** The name of a tag. */
  public static void checkName(String name, Path at, Findings findings) {
    if (name.isEmpty()) {
      findings.violation(at, "tag name must be non-empty");
    }
    if (!NAME.matcher(name).matches()) {
      findings.violation(
          at,
          "tag name must consist of alphanumeric characters, dots, dashes, slashes and underscores"
              + " (colons are allowed too)");
    }
  }

  private static void checkName(String name, String value, Path at, Findings findings) {
    checkName(name, name.isEmpty() ? at : at.key(name), findings);
    if (value.isEmpty()) {
      findings.violation(at.key(name), "tag value must be non-empty");
    }
  }
}
