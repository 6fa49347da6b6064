package io.sluice.controlplane.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which resources to list.
 *
 * @param mesh only this mesh's; empty for all meshes
 * @param nameContains only names with this substring
 * @param tags only dataplanes with an inbound or gateway tag of each key whose value contains the
 *     text
 * @param gateway only dataplanes that are, or are not, gateways of some kind
 * @param size how many at most, 1 to 1000
 * @param after the key after which the page begins; empty for the first page
 */
public record ResourceQuery(
    String type,
    Optional<String> mesh,
    Optional<String> nameContains,
    List<Map.Entry<String, String>> tags,
    Optional<GatewayFilter> gateway,
    int size,
    Optional<ResourceKey> after) {

  /** Copies the tags. */
  public ResourceQuery {
    tags = List.copyOf(tags);
  }

  /** Values of the filter {@code gateway}. */
  public enum GatewayFilter {
    TRUE,
    FALSE,
    BUILTIN,
    DELEGATED
  }
}
