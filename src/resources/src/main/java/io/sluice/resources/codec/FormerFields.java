package io.sluice.resources.codec;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields that Kuma 2.9 still takes and that say in an old way what another field says: they are
 * read as that field.
 */
final class FormerFields {

  private static final Set<JsonNode> NOTHING =
      Set.of(JsonNodeFactory.instance.nullNode(), JsonNodeFactory.instance.stringNode(""));

  private FormerFields() {}

  /** The document in today's fields: {@code outbound[].service} is the tag of a service. */
  static ObjectNode rewritten(ObjectNode document, ResourceType<?> type, Findings findings) {
    ObjectNode result = document.deepCopy();
    if (type.text().equals(Mesh.TYPE) && NOTHING.contains(result.path("mesh"))) {
      // Clients that know one form of all resources send the mesh of a Mesh, and it is empty.
      result.remove("mesh");
    }
    if (!type.text().equals(Dataplane.TYPE)) {
      return result;
    }
    if (result.path("networking").path("transparentProxying") instanceof ObjectNode transparent) {
      withoutUnspecified(transparent);
    }
    JsonNode outbounds = result.path("networking").path("outbound");
    for (int i = 0; i < outbounds.size(); i++) {
      if (outbounds.get(i) instanceof ObjectNode outbound
          && outbound.path("service").isString()
          && outbound.path("tags").isEmpty()) {
        JsonNode service = outbound.remove("service");
        outbound.putObject("tags").set(Inbound.SERVICE_TAG, service);
        findings.warning(
            Path.ROOT.field("networking").field("outbound").index(i).field("service"),
            "is read as tags: {" + Inbound.SERVICE_TAG + ": " + service.stringValue() + "}");
      }
    }
    return result;
  }

  /** Kuma's {@code UnSpecified} is the word for absence. */
  private static void withoutUnspecified(ObjectNode transparent) {
    for (String name : List.of("ipFamilyMode", "ip_family_mode")) {
      if (transparent.path(name).asString("").equals("UnSpecified")) {
        transparent.remove(name);
      }
    }
  }
}
