package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.codec.ResourceWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The form in which a resource stands in a {@code jsonb} column: its whole document. */
@Component
public class SpecJson {

  private final JsonMapper mapper = JsonMapper.shared();

  /** A resource's column. */
  public String write(Resource resource) {
    return mapper.writeValueAsString(ResourceWriter.tree(resource));
  }

  /** The resource of a column. */
  public Resource read(String json) {
    return ResourceReader.stored((ObjectNode) mapper.readTree(json));
  }

  /** The resources of a JSON list of columns; nothing is no resource. */
  <R extends Resource> List<R> readAll(@Nullable String json, Class<R> type) {
    List<R> resources = new ArrayList<>();
    if (json != null) {
      for (JsonNode each : mapper.readTree(json)) {
        resources.add(type.cast(ResourceReader.stored((ObjectNode) each)));
      }
    }
    return List.copyOf(resources);
  }
}
