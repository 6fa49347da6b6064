package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;

/** Hands the kernel the rules of one family. */
@FunctionalInterface
public interface RuleLoader {

  /**
   * Loads a transaction for each table.
   *
   * @param transaction input of {@code iptables-restore --noflush}
   * @return how the program that loads it ended
   */
  Command.Result load(IpFamily family, String transaction) throws IOException;
}
