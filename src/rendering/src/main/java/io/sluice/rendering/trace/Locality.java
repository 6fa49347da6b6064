package io.sluice.rendering.trace;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.host.InterfaceAddress;
import io.sluice.resources.net.IpAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which addresses are the host's own.
 *
 * @param found those that its agent found; none while it has not said
 * @param declared those that the Dataplane says it has
 */
record Locality(Optional<Set<IpAddress>> found, Set<IpAddress> declared) {

  static Locality of(Dataplane dataplane, Optional<HostFacts> facts) {
    Networking networking = dataplane.networking();
    return new Locality(
        facts.map(
            known ->
                known.addresses().stream()
                    .map(InterfaceAddress::address)
                    .collect(Collectors.toUnmodifiableSet())),
        Stream.concat(
                Stream.of(networking.address()),
                networking.inbound().stream().map(Inbound::address))
            .flatMap(address -> Optional.ofNullable(address).stream())
            .flatMap(address -> IpAddress.parse(address).stream())
            .filter(address -> !address.isWildcard())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether the kernel would deliver a packet to the address on this host. */
  Judgement isLocal(IpAddress address) {
    if (address.isLoopback() || address.toString().equals(IpFamily.V6.passthroughSource())) {
      return Judgement.certain(true);
    }
    if (found.isPresent()) {
      return Judgement.certain(found.get().contains(address));
    }
    return declared.contains(address)
        ? Judgement.assumed("the host has the address " + address + ", as the Dataplane says")
        : Judgement.assumedNot("the host does not have the address " + address);
  }
}
