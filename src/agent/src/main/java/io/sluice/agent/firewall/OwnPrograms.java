package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The programs of a backend, started by this process itself. */
record OwnPrograms(Backend backend) implements RulePrograms {

  @Override
  public Map<IpFamily, Command.Result> test(Map<IpFamily, String> transactions) throws IOException {
    Map<IpFamily, Command.Result> ended = new EnumMap<>(IpFamily.class);
    for (Map.Entry<IpFamily, String> transaction : transactions.entrySet()) {
      ended.put(
          transaction.getKey(), restore(transaction.getKey(), transaction.getValue(), "--test"));
    }
    return ended;
  }

  @Override
  public Command.Result load(IpFamily family, String transaction) throws IOException {
    return restore(family, transaction);
  }

  private Command.Result restore(IpFamily family, String transaction, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(backend.restore(family), "--noflush", "--wait", "10"));
    command.addAll(List.of(more));
    return Command.run(command, transaction);
  }
}
