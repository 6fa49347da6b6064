package io.sluice.controlplane.discovery;

import io.sluice.controlplane.store.VirtualAddressStore;
import io.sluice.resources.discovery.VirtualAddress;
import java.util.Collection;
import java.util.List;
import org.springframework.stereotype.Component;

/** The addresses that hosts would get if somebody wanted them now. */
@Component
public class ForeseenAddresses {

  private final VirtualAddressStore addresses;
  private final NameSettings settings;

  ForeseenAddresses(VirtualAddressStore addresses, NameSettings settings) {
    this.addresses = addresses;
    this.settings = settings;
  }

  /** Those of hosts of a mesh, without the hosts for which none would be left. */
  public List<VirtualAddress> of(String mesh, Collection<String> hosts) {
    return addresses.foresee(mesh, hosts, settings.ipv4(), settings.ipv6());
  }
}
