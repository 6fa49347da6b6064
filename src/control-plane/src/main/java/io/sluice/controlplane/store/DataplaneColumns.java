package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What stands beside a dataplane's specification, derived from it.
 *
 * @param gateway the kind of gateway, empty if it is none
 * @param tags {@code key=value}, separated by spaces, which neither may contain
 */
record DataplaneColumns(String spec, String gateway, String tags) {

  static DataplaneColumns of(Dataplane dataplane, String spec) {
    Gateway gateway = dataplane.networking().gateway();
    SortedSet<String> tags = new TreeSet<>();
    for (Inbound inbound : dataplane.networking().inbound()) {
      inbound.tags().forEach((key, value) -> tags.add(key + "=" + value));
    }
    if (gateway != null) {
      gateway.tags().forEach((key, value) -> tags.add(key + "=" + value));
    }
    return new DataplaneColumns(
        spec, gateway == null ? "" : gateway.type().name(), String.join(" ", tags));
  }
}
