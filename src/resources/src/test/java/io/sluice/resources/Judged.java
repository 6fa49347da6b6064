package io.sluice.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.resources.codec.ReadResult;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.validation.InvalidResource;
import java.util.List;

/** What is said about a document, as {@code field: reason}. */
public record Judged(List<String> violations, List<String> warnings) {

  /** Reads and judges a YAML document. */
  public static Judged yaml(String yaml) {
    try {
      ReadResult result =
          ResourceReader.read(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML));
      return new Judged(List.of(), result.warnings().stream().map(Object::toString).toList());
    } catch (InvalidResource e) {
      return new Judged(e.violations().stream().map(Object::toString).toList(), List.of());
    }
  }

  /** Judges a Dataplane on 192.168.0.1 with these lines as its networking. */
  public static Judged networking(String lines) {
    return yaml(
        "type: Dataplane\nmesh: default\nname: web\nnetworking:\n  address: 192.168.0.1\n"
            + lines.indent(2));
  }

  /** Judges a Mesh with these lines. */
  public static Judged mesh(String lines) {
    return yaml("type: Mesh\nname: default\n" + lines);
  }
}
