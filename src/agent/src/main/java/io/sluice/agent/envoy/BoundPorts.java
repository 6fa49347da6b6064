package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/** The ports that Envoy binds for a bundle. */
public final class BoundPorts {

  private BoundPorts() {}

  /** Those of a bundle's listeners. */
  public static SortedSet<Integer> of(Generation bundle) throws IOException, RefusedException {
    SortedSet<Integer> ports = new TreeSet<>();
    for (String path : ResourceKind.LISTENER.in(bundle.tree()).values()) {
      int[] port = {0};
      boolean[] bound = {true};
      JsonScanner.scan(
          bundle.read(path),
          (field, value) -> {
            switch (field) {
              case "address.socketAddress.portValue", "address.socket_address.port_value" ->
                  port[0] = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
              case "bindToPort", "bind_to_port" -> bound[0] = !value.equals("false");
              default -> {}
            }
          });
      if (bound[0] && port[0] > 0) {
        ports.add(port[0]);
      }
    }
    return ports;
  }
}
