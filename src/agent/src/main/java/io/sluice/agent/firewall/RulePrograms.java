package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;

/** Runs the programs that hand rules to the kernel. */
public interface RulePrograms {

  /**
   * Lets the kernel test a transaction for each table, and changes nothing.
   *
   * @param transaction input of {@code iptables-restore --noflush --test}
   * @return how the program ended
   */
  Command.Result test(IpFamily family, String transaction) throws IOException;

  /**
   * Begins to load a transaction for each table.
   *
   * @param transaction input of {@code iptables-restore --noflush}
   */
  Loading load(IpFamily family, String transaction) throws IOException;

  /** A program that loads rules. */
  interface Loading {

    /** Whether it has ended. */
    boolean isOver() throws IOException;

    /** How it ended, once it has. */
    Command.Result result() throws IOException;
  }
}
