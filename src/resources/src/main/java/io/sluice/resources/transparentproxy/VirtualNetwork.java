package io.sluice.resources.transparentproxy;

import io.sluice.resources.net.Cidr;
import io.sluice.resources.shape.WrittenAs;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network of containers or virtual machines that lives on the host.
 *
 * @param interfaceName through which its traffic enters the host; a {@code +} at the end stands for
 *     all interfaces that begin so, as in iptables
 * @param network the addresses in it
 */
@WrittenAs("an interface and its network, such as docker0:172.17.0.0/16 or br+:fd00::/64")
public record VirtualNetwork(String interfaceName, Cidr network) {

  /** What Linux takes as an interface's name, without what would need quoting in a rule. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}\\+?");

  private static final int LONGEST_NAME = 15;

  /**
   * Refuses a name that no interface has.
   *
   * @throws IllegalArgumentException if the name can't be an interface's
   */
  public VirtualNetwork {
    if (!isInterface(interfaceName)) {
      throw new IllegalArgumentException("no interface: " + interfaceName);
    }
  }

  /** The network that a text spells; empty if it spells none. */
  public static Optional<VirtualNetwork> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !isInterface(text.substring(0, colon))) {
      return Optional.empty();
    }
    return Cidr.parse(text.substring(colon + 1))
        .map(network -> new VirtualNetwork(text.substring(0, colon), network));
  }

  @Override
  public String toString() {
    return interfaceName + ":" + network;
  }

  private static boolean isInterface(String name) {
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
  }
}
