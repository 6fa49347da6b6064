package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.codec.ResourceWriter;
import org.springframework.stereotype.Component;
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
}
