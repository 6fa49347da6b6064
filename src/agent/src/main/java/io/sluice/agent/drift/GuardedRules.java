package io.sluice.agent.drift;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.firewall.Deviation;
import java.io.IOException;
import java.util.List;

/** Our rules as the watch needs them. */
public interface GuardedRules {

  /** Where they differ from what the kernel showed after loading them; empty if nowhere. */
  List<Deviation> deviations() throws IOException;

  /** When they were last seen to stand as they should, by {@link System#nanoTime}. */
  long seenAt();

  /** Whether they shall be put back. */
  boolean shallStand();

  /**
   * Puts them back.
   *
   * @return whether that was possible: while Envoy does not listen it is not
   */
  boolean repair() throws IOException, RefusedException;
}
