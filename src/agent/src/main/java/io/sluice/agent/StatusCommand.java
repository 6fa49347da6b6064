package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code status}: what is in force, as the host shows it; needs no running agent. */
final class StatusCommand {

  private final Options options;
  private final PrintStream out;

  StatusCommand(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  int run() throws UsageException, IOException {
    StateFolder folder = new StateFolder(options.stateFolder());
    Path state = folder.path();
    if (Files.isDirectory(state) && !Files.isReadable(state)) {
      throw new IOException(state + " can't be read: run this as root");
    }
    Map<String, String> lines = new TreeMap<>();
    Optional<Digest> applied = Applied.named(state);
    applied.ifPresent(digest -> lines.put("applied", digest.hex()));
    Rejection.remembered(state)
        .ifPresent(
            rejection -> {
              lines.put("rejected", rejection.digest().hex());
              lines.put("rejected.reason", rejection.reason());
            });
    Optional<String> lost = OwnDataplane.lost(state);
    lost.ifPresent(
        reason -> {
          lines.put("dataplane", reason);
          lines.put("dataplane.remedy", OwnDataplane.REMEDY);
        });
    Optional<String> holder = folder.heldBy();
    lines.put("agent", holder.isPresent() ? "running" : "stopped");
    holder.ifPresent(pid -> lines.put("agent.pid", pid));
    Envoy envoy = new Envoy(new EnvoyLauncher(state, options.envoy()));
    boolean live = envoy.isLive();
    lines.put("envoy", live ? "live" : envoy.pid().isPresent() ? "starting" : "absent");
    envoy.pid().ifPresent(pid -> lines.put("envoy.pid", pid.toString()));
    envoy.version().ifPresent(version -> lines.put("envoy.version", version));
    Resolver resolver =
        new Resolver(state, options.dnsmasq(), options.upstreams(), new Log(System.err));
    Optional<Long> resolving = resolver.pid();
    lines.put(
        "resolver",
        resolving.isEmpty() ? "absent" : resolver.isAnswering() ? "answering" : "starting");
    resolving.ifPresent(pid -> lines.put("resolver.pid", pid.toString()));
    String rules = rules(folder);
    lines.put("rules", rules);
    lines.forEach((key, value) -> out.println(key + '=' + value));
    boolean resolves = !resolver.isWanted() || resolver.isAnswering();
    boolean inOrder =
        applied.isPresent()
            && lost.isEmpty()
            && live
            && resolves
            && holder.isPresent()
            && !rules.equals("changed");
    return inOrder ? ExitCode.OK : ExitCode.FAILED;
  }

  private String rules(StateFolder folder) throws UsageException, IOException {
    Ledger ledger = new Ledger(folder.path());
    if (ledger.isEmpty()) {
      return "none";
    }
    Firewall firewall =
        new Firewall(RunCommand.backend(options), folder.ownerIfAny().orElse(""), ledger);
    try {
      if (new Guard(folder.path()).isOut()) {
        return "out";
      }
      return firewall.intact() ? "standing" : "changed";
    } catch (IOException e) {
      return "unknown";
    }
  }
}
