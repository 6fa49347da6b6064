package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace that ends with one command, in which the kernel says what it would make of
 * rules, while nothing of this host changes.
 */
public final class ScratchNetwork {

  private static final List<String> UNSHARE = List.of("unshare", "--net");

  private ScratchNetwork() {}

  /** Whether this process may make one. */
  public static boolean available() throws IOException {
    return Command.exists("unshare") && run(List.of("true"), "").ok();
  }

  /** Loads rules there. */
  public static Command.Result load(Backend backend, IpFamily family, String rules)
      throws IOException {
    return run(List.of(backend.restore(family), "--noflush"), rules);
  }

  /** What {@code iptables-save} shows after rules were loaded there; empty if they can't be. */
  public static Optional<String> shown(Backend backend, IpFamily family, String rules)
      throws IOException {
    Command.Result result =
        run(
            List.of(
                "sh",
                "-c",
                "\"$1\" --noflush && \"$2\"",
                "sh",
                backend.restore(family),
                backend.save(family)),
            rules);
    return result.ok() ? Optional.of(result.out()) : Optional.empty();
  }

  private static Command.Result run(List<String> command, String input) throws IOException {
    List<String> whole = new java.util.ArrayList<>(UNSHARE);
    whole.addAll(command);
    return Command.run(whole, input);
  }
}
