package io.sluice.resources.discovery;

import io.sluice.resources.Resource;
import io.sluice.resources.net.IpAddress;
import java.util.Collections;
import java.util.SortedMap;

/**
 * The address that a DNS name of dataplanes has, as the control plane last found it.
 *
 * @param mesh the mesh in which the name is used
 * @param name the DNS name in its one spelling ({@link io.sluice.resources.net.HostName#canonical})
 */
public record ResolvedAddress(String mesh, String name, IpAddress address) implements Resource {

  /** The type in the store and in the history. */
  public static final String TYPE = "ResolvedAddress";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SortedMap<String, String> labels() {
    return Collections.emptySortedMap();
  }
}
