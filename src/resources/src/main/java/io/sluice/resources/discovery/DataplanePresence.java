package io.sluice.resources.discovery;

import io.sluice.resources.Resource;
import io.sluice.resources.shape.Spelled;
import io.sluice.resources.shape.ZeroIsValue;
import java.util.Collections;
import java.util.SortedMap;

/**
 * That a dataplane's agent is not there any more. A dataplane without one is present, and so is one
 * that never had an agent. It goes with its dataplane.
 *
 * @param mesh the dataplane's mesh
 * @param name the dataplane's name
 */
public record DataplanePresence(String mesh, String name, @ZeroIsValue State state)
    implements Resource {

  /** The type in the store and in the history. */
  public static final String TYPE = "DataplanePresence";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SortedMap<String, String> labels() {
    return Collections.emptySortedMap();
  }

  /** Whether the dataplane's endpoints take no traffic. */
  public boolean left() {
    return state != State.KEPT;
  }

  /** Why it is not present. */
  public enum State {
    /** Its agent was not heard for too long, or has said that Envoy is down. */
    @Spelled("away")
    AWAY,
    /** Its agent has said goodbye. */
    @Spelled("gone")
    GONE,
    /** As away, but without it and others in its place a service would have no endpoint left. */
    @Spelled("kept")
    KEPT
  }
}
