package io.sluice.resources.discovery;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an agent's probes found of the applications behind its inbounds. It goes with its dataplane.
 *
 * @param mesh the dataplane's mesh
 * @param name the dataplane's name
 * @param inbounds whether the application answers, by its inbound's listener ({@code address:port},
 *     IPv6 in brackets)
 */
public record DataplaneHealth(String mesh, String name, SortedMap<String, Boolean> inbounds)
    implements Resource {

  /** The type in the store and in the history. */
  public static final String TYPE = "DataplaneHealth";

  /** Copies the map. */
  public DataplaneHealth {
    inbounds = Collections.unmodifiableSortedMap(new TreeMap<>(inbounds));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SortedMap<String, String> labels() {
    return Collections.emptySortedMap();
  }

  /**
   * Whether an inbound's application was found to answer; not so while it was never probed.
   *
   * @param of where the inbound is
   */
  public boolean answers(Networking of, Inbound inbound) {
    return inbounds.getOrDefault(of.listener(inbound).canonical().toString(), false);
  }
}
