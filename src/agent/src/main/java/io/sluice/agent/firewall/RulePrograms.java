package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.Map;

/** Runs the programs that hand rules to the kernel. */
public interface RulePrograms {

  /**
   * Lets the kernel test a transaction for each table, and changes nothing.
   *
   * @param transactions input of {@code iptables-restore --noflush --test} by family
   * @return how the program of each family ended
   */
  Map<IpFamily, Command.Result> test(Map<IpFamily, String> transactions) throws IOException;

  /**
   * Loads a transaction for each table.
   *
   * @param transaction input of {@code iptables-restore --noflush}
   * @return how the program that loads it ended
   */
  Command.Result load(IpFamily family, String transaction) throws IOException;
}
