package io.sluice.resources.codec;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields that Kuma 2.9 still takes and that say in an old way what another field says: they are
 * read as that field.
 */
final class FormerFields {

  private FormerFields() {}

  /** The document in today's fields: {@code outbound[].service} is the tag of a service. */
  static ObjectNode rewritten(ObjectNode document, ResourceType<?> type, Findings findings) {
    if (!type.text().equals(Dataplane.TYPE)) {
      return document;
    }
    ObjectNode result = document.deepCopy();
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
}
