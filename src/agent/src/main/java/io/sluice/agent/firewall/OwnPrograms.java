package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The programs of a backend, started by this process itself. */
record OwnPrograms(Backend backend) implements RulePrograms {

  @Override
  public Command.Result test(IpFamily family, String transaction) throws IOException {
    return restore(family, transaction, "--test");
  }

  @Override
  public Loading load(IpFamily family, String transaction) throws IOException {
    return new Loaded(restore(family, transaction));
  }

  private record Loaded(Command.Result result) implements Loading {
    @Override
    public boolean isOver() {
      return true;
    }
  }

  private Command.Result restore(IpFamily family, String transaction, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(backend.restore(family), "--noflush", "--wait", "10"));
    command.addAll(List.of(more));
    return Command.run(command, transaction);
  }
}
