package io.sluice.resources.dataplane;

import io.sluice.resources.net.HostPort;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where others reach a dataplane. Within a mesh no two dataplanes may claim the same place. */
public final class Claims {

  private Claims() {}

  /**
   * The addresses and ports on which others dial the dataplane, in canonical form: all spellings of
   * one address are one claim. An inbound that is ignored, offers no service or is where others
   * can't dial it claims nothing.
   */
  public static SortedSet<HostPort> of(Dataplane dataplane) {
    SortedSet<HostPort> claims = new TreeSet<>();
    for (Inbound inbound : dataplane.networking().inbound()) {
      if (inbound.offersService()
          && inbound.state() != Inbound.State.IGNORED
          && dataplane.networking().isDialled(inbound)) {
        claims.add(dataplane.networking().dialled(inbound).canonical());
      }
    }
    return Collections.unmodifiableSortedSet(claims);
  }
}
