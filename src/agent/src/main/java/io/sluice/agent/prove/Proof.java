package io.sluice.agent.prove;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.host.Meanwhile;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** What must be true of a host after a switch; otherwise it goes back to what it was. */
public final class Proof {

  private static final long PROBE_NANOS = 3_000_000_000L;
  private static final long PAUSE_MILLIS = 10;

  private final Envoy envoy;
  private final BooleanSupplier controlPlane;

  /**
   * The proof of one host.
   *
   * @param controlPlane whether a new connection to the control plane can be made
   */
  public Proof(Envoy envoy, BooleanSupplier controlPlane) {
    this.envoy = envoy;
    this.controlPlane = controlPlane;
  }

  /** Whether the control plane can be reached now. */
  public boolean controlPlaneAnswers() {
    return controlPlane.getAsBoolean();
  }

  /**
   * Demands that captured connections arrive, that Envoy serves, and that the control plane can be
   * reached if it could before.
   *
   * @param reached whether the control plane could be reached before the switch
   * @throws RefusedException if that is not so
   * @throws IOException if it can't be found out
   */
  public void demand(Generation target, boolean reached) throws IOException, RefusedException {
    try (Meanwhile reach = Meanwhile.begin(() -> reaches(reached))) {
      arrives(target);
      if (!envoy.isLive()) {
        throw new RefusedException("Envoy does not serve after the switch");
      }
      reach.end();
    }
  }

  private void reaches(boolean reached) throws UnreachableException {
    if (reached && !controlPlaneAnswers()) {
      throw new UnreachableException();
    }
  }

  /** Demands that captured connections arrive at Envoy. */
  public void arrives(Generation target) throws IOException, RefusedException {
    for (Probe probe : Probe.values()) {
      if (probe.isOf(target)) {
        arrives(probe);
      }
    }
  }

  private static void arrives(Probe probe) throws RefusedException {
    long end = System.nanoTime() + PROBE_NANOS;
    while (true) {
      try {
        probe.send();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new RefusedException(
              "captured connections do not arrive at Envoy: the probe to "
                  + probe.target()
                  + " failed: "
                  + e.getMessage());
        }
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RefusedException("interrupted");
      }
    }
  }
}
