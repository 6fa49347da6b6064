package io.sluice.rendering.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of connections when a host changes from what it is told to what it will be. */
public final class Interruptions {

  private Interruptions() {}

  /**
   * All that a change cuts.
   *
   * @param before empty if the host was told nothing
   * @param after empty if there will be nothing: the dataplane is deleted
   */
  public static List<Interruption> between(
      Optional<RenderedHost> before, Optional<RenderedHost> after) {
    List<Interruption> found = new ArrayList<>();
    if (after.isEmpty()) {
      before.map(Interruptions::removal).ifPresent(found::add);
      return found;
    }
    RenderedHost next = after.get();
    boolean switched = before.isPresent() && before.get().isTransparent() != next.isTransparent();
    if (switched) {
      found.add(modeSwitch(before.orElseThrow(), next));
    } else {
      before.ifPresent(
          old -> {
            found.addAll(DrainedListeners.between(old, next));
            found.addAll(MovedCapture.between(old, next));
          });
    }
    found.addAll(NewlyCaptured.between(before, next));
    found.addAll(NothingBehind.between(before, next));
    return found;
  }

  private static Interruption removal(RenderedHost old) {
    return Interruption.ofDataplane(
        old,
        "",
        (old.isTransparent() ? "the host's traffic is captured no more, and " : "")
            + "Envoy is stopped: connections through it end within "
            + old.drainSeconds()
            + " s");
  }

  private static Interruption modeSwitch(RenderedHost old, RenderedHost next) {
    return Interruption.ofSetting(
        next,
        "mode",
        (next.isTransparent()
                ? "the host becomes transparent: its traffic is captured, and Envoy binds the"
                    + " inbounds' listeners no more"
                : "the host becomes explicit: its traffic is captured no more, and clients reach"
                    + " Envoy only where it binds listeners")
            + "; connections through the listeners of now are drained within "
            + old.drainSeconds()
            + " s");
  }
}
