package io.sluice.rendering.services;

import io.sluice.resources.discovery.VirtualAddress;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What a dataplane may reach by name. While nothing in it changes a catalogue and its successors
 * give the identical object, as long as anybody holds it.
 *
 * @param listeners sorted by host and port
 * @param destinations those of the listeners, each once, sorted by tags
 * @param names the hosts of the listeners; identical too while no name changes
 */
public record Reach(
    List<VirtualListener> listeners,
    List<Destination> destinations,
    SortedMap<String, VirtualAddress> names) {

  /** That of a dataplane whose host reaches nothing by name, whatever its mesh offers. */
  static final Reach NONE = new Reach(List.of(), List.of(), Collections.emptySortedMap());

  /** That of the destinations, which have theirs at hand: there may be thousands of listeners. */
  @Override
  public int hashCode() {
    return 31 * destinations.hashCode() + listeners.size();
  }
}
