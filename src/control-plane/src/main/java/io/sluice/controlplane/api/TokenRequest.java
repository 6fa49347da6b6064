package io.sluice.controlplane.api;

import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.resources.validation.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a token is asked for, in the form that kumactl sends. */
record TokenRequest(String mesh, String name, Duration validFor) {

  /** Kuma means ten years by an absent {@code validFor}; a leaked token should not last so long. */
  static final Duration DEFAULT_VALIDITY = Duration.ofHours(24);

  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Set<String> FIELDS = Set.of("mesh", "name", "tags", "type", "validFor");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  static TokenRequest read(ObjectNode document) {
    List<Violation> violations = new ArrayList<>();
    document
        .propertyNames()
        .forEach(
            field -> {
              if (!FIELDS.contains(field)) {
                violations.add(
                    new Violation(field, "is unknown; known are " + new TreeSet<>(FIELDS)));
              }
            });
    String mesh = text(document, "mesh", violations).orElse("default");
    name("mesh", mesh, violations);
    String name = text(document, "name", violations).orElse("");
    if (name.isEmpty()) {
      violations.add(new Violation("name", "must be given: a token opens exactly one dataplane"));
    } else {
      name("name", name, violations);
    }
    if (!document.path("tags").isEmpty()) {
      violations.add(
          new Violation(
              "tags",
              "can't constrain a token: it opens exactly the dataplane of its name, whatever tags"
                  + " that has; leave tags out"));
    }
    text(document, "type", violations)
        .filter(type -> !type.equals("dataplane"))
        .ifPresent(
            type ->
                violations.add(
                    new Violation(
                        "type", "must be \"dataplane\" or absent, not \"" + type + "\"")));
    Duration validFor =
        text(document, "validFor", violations)
            .map(text -> duration(text, violations))
            .orElse(DEFAULT_VALIDITY);
    if (!violations.isEmpty()) {
      throw ResourceDocuments.invalid(violations);
    }
    return new TokenRequest(mesh, name, validFor);
  }

  private static Duration duration(String text, List<Violation> violations) {
    Optional<Duration> duration = GoDuration.parse(text);
    if (duration.isEmpty() || !duration.get().isPositive()) {
      violations.add(
          new Violation("validFor", "must be like \"24h0m0s\" or \"90m\", not \"" + text + "\""));
    } else if (duration.get().compareTo(LONGEST) > 0) {
      violations.add(
          new Violation("validFor", "must be at most 87600h (ten years), not \"" + text + "\""));
    }
    return duration.orElse(DEFAULT_VALIDITY);
  }

  private static void name(String field, String name, List<Violation> violations) {
    if (!NAME.matcher(name).matches()) {
      violations.add(
          new Violation(
              field,
              "must be a name of lower-case letters, digits, '-' and '.', not \"" + name + "\""));
    }
  }

  /** Empty texts are absence, as kumactl sends them. */
  private static Optional<String> text(
      ObjectNode document, String field, List<Violation> violations) {
    JsonNode given = document.path(field);
    if (given.isMissingNode() || given.isNull()) {
      return Optional.empty();
    }
    if (!given.isString()) {
      violations.add(new Violation(field, "must be a text, not " + given));
      return Optional.empty();
    }
    return Optional.of(given.stringValue()).filter(text -> !text.isEmpty());
  }
}
