package io.sluice.resources.codec;

import io.sluice.resources.Resource;
import io.sluice.resources.document.Shown;
import io.sluice.resources.shape.NearestName;
import io.sluice.resources.shape.RecordReader;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a document's tree as the resource that its {@code type} names, and judges it. */
public final class ResourceReader {

  /** Fields of every document that Kuma's clients send and that mean nothing in a write. */
  private static final List<String> IGNORED =
      List.of("type", "creationTime", "modificationTime", "kri");

  private ResourceReader() {}

  /**
   * Reads and judges a document.
   *
   * @throws InvalidResource with everything that is wrong with it
   */
  public static ReadResult read(ObjectNode document) {
    Findings findings = new Findings();
    RecordReader reader = new RecordReader(findings);
    ResourceType<?> type = type(document);
    ObjectNode current = FormerFields.rewritten(document, type, findings);
    Resource resource = type.read(current, IGNORED, reader);
    Findings judged = new Findings();
    type.check(resource, judged);
    List<Violation> violations = new ArrayList<>(findings.violations());
    judged.violations().stream().filter(each -> !reader.explains(each)).forEach(violations::add);
    if (!violations.isEmpty()) {
      throw new InvalidResource(violations);
    }
    judged.warnings().forEach(each -> findings.warning(new Path(each.field()), each.reason()));
    return new ReadResult(resource, findings.warnings());
  }

  /**
   * Reads a document that this library wrote and a store kept. It was judged when it came in, so
   * rules that became stricter since do not make it unreadable.
   */
  public static Resource stored(ObjectNode document) {
    Findings findings = new Findings();
    ResourceType<?> type = type(document);
    Resource resource = type.read(document, IGNORED, new RecordReader(findings));
    if (!findings.violations().isEmpty()) {
      throw new InvalidResource(findings.violations());
    }
    return resource;
  }

  private static ResourceType<?> type(ObjectNode document) {
    JsonNode given = document.path("type");
    String text = given.isString() ? given.stringValue() : "";
    return ResourceType.of(text)
        .orElseThrow(
            () -> new InvalidResource(List.of(new Violation("type", unknown(given, text)))));
  }

  private static String unknown(JsonNode given, String text) {
    String allowed = "must be one of " + String.join(", ", ResourceType.texts());
    if (given.isMissingNode() || given.isNull()) {
      return allowed + "; it is absent";
    }
    return allowed
        + ", not "
        + Shown.of(given)
        + NearestName.of(text, ResourceType.texts())
            .map(near -> "; did you mean \"" + near + "\"?")
            .orElse("");
  }
}
