package io.sluice.resources.discovery;

import io.sluice.resources.Resource;
import io.sluice.resources.net.IpAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The addresses under which a mesh reaches a name. No two names of a mesh share one.
 *
 * @param mesh the mesh in which they are valid
 * @param name the host, such as {@code backend.mesh}
 * @param released when the name was last wanted; absent while it is. Until it is forgotten nobody
 *     else gets the addresses, and the name gets them back
 */
public record VirtualAddress(
    String mesh, String name, IpAddress ipv4, IpAddress ipv6, @Nullable Instant released)
    implements Resource {

  /** The type in the store and in the history. */
  public static final String TYPE = "VirtualAddress";

  /** Refuses an address of the other family. */
  public VirtualAddress {
    if (ipv4.v6() || !ipv6.v6()) {
      throw new IllegalArgumentException(ipv4 + " and " + ipv6 + " are not one of each family");
    }
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SortedMap<String, String> labels() {
    return Collections.emptySortedMap();
  }

  /** Whether the name has its addresses now. */
  public boolean inUse() {
    return released == null;
  }
}
