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
   * one address are one claim. An inbound that is ignored or offers no service is dialled by nobody
   * and claims nothing.
   */
  public static SortedSet<HostPort> of(Dataplane dataplane) {
    SortedSet<HostPort> claims = new TreeSet<>();
    for (Inbound inbound : dataplane.networking().inbound()) {
      if (inbound.offersService() && inbound.state() != Inbound.State.IGNORED) {
        claims.add(dataplane.networking().dialled(inbound).canonical());
      }
    }
    return Collections.unmodifiableSortedSet(claims);
  }
}
