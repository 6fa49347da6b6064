package io.sluice.controlplane.discovery;

import io.sluice.resources.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Asks for the addresses of a DNS name. */
@FunctionalInterface
interface Resolver {

  /**
   * All addresses of a name; it may take as long as the host's resolver does.
   *
   * @throws UnknownHostException if there is none, or nobody to ask
   */
  List<IpAddress> resolve(String name) throws UnknownHostException;

  /** The host's own way to resolve names. */
  @Component
  final class OfTheHost implements Resolver {

    @Override
    public List<IpAddress> resolve(String name) throws UnknownHostException {
      return java.util.Arrays.stream(InetAddress.getAllByName(name))
          .map(InetAddress::getHostAddress)
          .flatMap(text -> IpAddress.parse(text).stream())
          .toList();
    }
  }
}
