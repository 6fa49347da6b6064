package io.sluice.resources.validation;

import java.util.Map;
import java.util.regex.Pattern;

/** What names and labels of resources may look like, with the messages that Kuma's users know. */
public final class NameRules {

  private static final int LONGEST = 253;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern LABEL_NAME =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private NameRules() {}

  /** A lower-case RFC 1123 subdomain of at most 253 characters. */
  public static void checkName(String name, Path at, Findings findings) {
    if (name.isEmpty()) {
      findings.violation(at, "cannot be empty");
    } else if (name.length() > LONGEST) {
      findings.violation(
          at, "value length must less or equal " + LONGEST + "; it is " + name.length());
    } else if (!SUBDOMAIN.matcher(name).matches()) {
      findings.violation(
          at,
          "invalid characters. A lowercase RFC 1123 subdomain must consist of lower case"
              + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
              + " character, not \""
              + name
              + "\"");
    }
  }

  /** Labels as Kubernetes and Kuma have them. */
  public static void checkLabels(Map<String, String> labels, Findings findings) {
    Path at = Path.ROOT.field("labels");
    labels.forEach(
        (name, value) -> {
          if (!LABEL_NAME.matcher(name).matches()) {
            findings.violation(
                at.key(name),
                "label name must be at most 63 alphanumeric characters, '-', '_' or '.', beginning"
                    + " and ending with an alphanumeric one, with a lowercase domain and '/' before"
                    + " it or not");
          }
          if (!LABEL_VALUE.matcher(value).matches()) {
            findings.violation(
                at.key(name),
                "label value must be empty or at most 63 alphanumeric characters, '-', '_' or '.',"
                    + " beginning and ending with an alphanumeric one, not \""
                    + value
                    + "\"");
          }
        });
  }
}
