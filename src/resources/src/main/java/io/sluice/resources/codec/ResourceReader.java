package io.sluice.resources.codec;

import io.sluice.resources.Resource;
import io.sluice.resources.document.Shown;
import io.sluice.resources.shape.NearestName;
import io.sluice.resources.shape.RecordReader;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.Violation;
import io.sluice.resources.validation.Warning;
import java.util.ArrayList;
import java.util.Collection;
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
   * Reads and judges a document as one of a mesh without policies.
   *
   * @throws InvalidResource with everything that is wrong with it
   */
  public static ReadResult read(ObjectNode document) {
    Reading reading = reading(document, List.of());
    List<Violation> violations = new ArrayList<>(reading.alone);
    violations.addAll(reading.inMesh);
    return reading.result(violations);
  }

  /**
   * Reads and judges a document by itself. What the policies of its mesh decide is for the store to
   * judge, which knows those that are in force: here it is only told along with other violations.
   *
   * @param policies those of the document's mesh, as far as they are known
   * @throws InvalidResource with everything that is wrong with it
   */
  public static ReadResult read(ObjectNode document, Collection<MeshTransparentProxy> policies) {
    Reading reading = reading(document, policies);
    List<Violation> violations = new ArrayList<>(reading.alone);
    if (!violations.isEmpty()) {
      violations.addAll(reading.inMesh);
    }
    return reading.result(violations);
  }

  private static Reading reading(ObjectNode document, Collection<MeshTransparentProxy> policies) {
    Findings findings = new Findings();
    RecordReader reader = new RecordReader(findings);
    ResourceType<?> type = type(document);
    ObjectNode current = FormerFields.rewritten(document, type, findings);
    HostLocalFields.leaveOut(current, findings);
    Resource resource = type.read(current, IGNORED, reader);
    List<Violation> alone = new ArrayList<>(findings.violations());
    Findings judged = new Findings();
    type.check(resource, judged);
    judged.violations().stream().filter(each -> !reader.explains(each)).forEach(alone::add);
    judged.warnings().forEach(each -> findings.warning(new Path(each.field()), each.reason()));
    Findings inMesh = new Findings();
    type.checkInMesh(resource, policies, inMesh);
    inMesh.warnings().forEach(each -> findings.warning(new Path(each.field()), each.reason()));
    return new Reading(
        resource,
        findings.warnings(),
        alone,
        inMesh.violations().stream().filter(each -> !reader.explains(each)).toList());
  }

  /**
   * A document that was read.
   *
   * @param alone what is wrong with it by itself
   * @param inMesh what is wrong with it in a mesh with these policies
   */
  private record Reading(
      Resource resource, List<Warning> warnings, List<Violation> alone, List<Violation> inMesh) {

    ReadResult result(List<Violation> violations) {
      if (!violations.isEmpty()) {
        throw new InvalidResource(violations);
      }
      return new ReadResult(resource, warnings);
    }
  }

  /**
   * Reads a document that this library wrote and a store kept. It was judged when it came in, so
   * rules that became stricter since do not make it unreadable.
   */
  public static Resource stored(ObjectNode document) {
    Findings findings = new Findings();
    ResourceType<?> type =
        ResourceType.stored(document.path("type").asString("")).orElseGet(() -> type(document));
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
