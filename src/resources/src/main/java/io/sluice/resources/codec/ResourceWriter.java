package io.sluice.resources.codec;

import io.sluice.resources.Resource;
import io.sluice.resources.shape.RecordWriter;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes resources as trees, in the order of Kuma's fields. What is absent or zero is left out, and
 * reading what was written gives an equal resource.
 */
public final class ResourceWriter {

  private static final List<String> IDENTITY = List.of("mesh", "name");

  private ResourceWriter() {}

  /** The whole document, as operators write it. */
  public static ObjectNode tree(Resource resource) {
    ObjectNode fields = fields(resource);
    ObjectNode tree = head(resource, fields);
    tree.setAll(fields.without(IDENTITY));
    return tree;
  }

  /** The whole document with the times that the store knows. */
  public static ObjectNode tree(Resource resource, Instant created, Instant modified) {
    ObjectNode fields = fields(resource);
    ObjectNode tree = head(resource, fields);
    tree.put("creationTime", created.toString());
    tree.put("modificationTime", modified.toString());
    tree.setAll(fields.without(IDENTITY));
    return tree;
  }

  /** What the resource says apart from its type, mesh, name and labels. */
  public static ObjectNode spec(Resource resource) {
    return fields(resource).without(IDENTITY).without("labels");
  }

  private static ObjectNode head(Resource resource, ObjectNode fields) {
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    head.put("type", resource.type());
    for (String name : IDENTITY) {
      JsonNode value = fields.get(name);
      if (value != null) {
        head.set(name, value);
      }
    }
    return head;
  }

  private static ObjectNode fields(Resource resource) {
    if (resource instanceof Record record) {
      return RecordWriter.write(record);
    }
    throw new IllegalArgumentException(resource.type() + " is not a record");
  }
}
