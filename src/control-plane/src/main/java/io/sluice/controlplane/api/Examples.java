package io.sluice.controlplane.api;

import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bodies that a reader of the contract would try. */
final class Examples {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Examples() {}

  /**
   * One body.
   *
   * @param json the same as a tree, which the contract shows as it is
   */
  record Body(String summary, String yaml, Object json) {}

  /** The examples of a schema by name, the best first. */
  static Map<String, Body> of(String schema) {
    Map<String, Body> examples = new LinkedHashMap<>();
    switch (schema) {
      case Takes.DATAPLANE -> {
        examples.put("explicit", body("Envoy binds the port (demo-app.yaml)", "demo-app.yaml"));
        examples.put("transparent", body("The kernel redirects to Envoy", "transparent.yaml"));
      }
      case Takes.MESH -> examples.put("mesh", body("A mesh of its own", "mesh.yaml"));
      case Takes.TRANSPARENT_PROXY -> {
        examples.put("policy", body("For all of a mesh", "mesh-transparent-proxy.yaml"));
        examples.put("kuma", body("A host file of Kuma under spec.default", "kuma-tproxy.yaml"));
      }
      case Takes.VIRTUAL_OUTBOUND -> {
        examples.put("version", body("A name for each version", "virtual-outbound.yaml"));
        examples.put("port", body("A port of a default name", "virtual-outbound-port.yaml"));
      }
      case Takes.STREAM -> examples.put("stream", body("A dataplane", "demo-app.yaml"));
      case Takes.TOKEN_REQUEST -> examples.put("token", body("For a day", "token.yaml"));
      case Takes.PACKET -> {
        examples.put("inbound", body("A client calls the dataplane", "packet-inbound.yaml"));
        examples.put("outbound", body("A program of the host calls", "packet-outbound.yaml"));
        examples.put("dns", body("A program of the host asks DNS", "packet-dns.yaml"));
      }
      default -> throw new IllegalArgumentException("no examples for " + schema);
    }
    return examples;
  }

  private static Body body(String summary, String file) {
    try (InputStream stream = Examples.class.getResourceAsStream("examples/" + file)) {
      if (stream == null) {
        throw new IllegalStateException("the example " + file + " is missing");
      }
      byte[] content = stream.readAllBytes();
      JsonNode tree = DocumentReader.read(content, Format.YAML);
      String json = DocumentWriter.write(tree, Format.JSON);
      return new Body(
          summary, new String(content, StandardCharsets.UTF_8), JSON.readValue(json, Map.class));
    } catch (IOException e) {
      throw new UncheckedIOException("the example " + file + " can't be read", e);
    }
  }
}
