package io.sluice.rendering.services;

import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.net.HostName;
import io.sluice.resources.net.IpAddress;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** The IP addresses that stand in the place of names. */
record Literals(PMap<String, ResolvedAddress> byName) {

  static final Literals NONE = new Literals(HashTreePMap.empty());

  Literals with(ResolvedAddress resolved) {
    return new Literals(byName.plus(HostName.canonical(resolved.name()), resolved));
  }

  Literals without(String name) {
    return new Literals(byName.minus(HostName.canonical(name)));
  }

  /** The address in its canonical spelling; empty for a name whose address is not known. */
  Optional<String> literal(String addressOrName) {
    return name(addressOrName)
        .map(
            name ->
                Optional.ofNullable(byName.get(name))
                    .map(resolved -> resolved.address().toString()))
        .orElseGet(() -> Optional.of(HostName.canonical(addressOrName)));
  }

  /** The name in its one spelling; empty for an address. */
  static Optional<String> name(String addressOrName) {
    String canonical = HostName.canonical(addressOrName);
    return IpAddress.parse(canonical).isPresent() ? Optional.empty() : Optional.of(canonical);
  }
}
