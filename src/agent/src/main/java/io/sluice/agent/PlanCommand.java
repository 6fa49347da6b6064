package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.EnvoyConfigCheck;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.plan.Plan;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.protocol.Poll;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code plan}: what a bundle would change on this host; changes nothing. */
final class PlanCommand {

  private final Options options;
  private final PrintStream out;
  private final PrintStream err;

  PlanCommand(Options options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  int run() throws UsageException, IOException {
    StateFolder folder = new StateFolder(options.stateFolder());
    Path work = Files.createTempDirectory("sluice-plan");
    try {
      Generations here = new Generations(folder.path());
      Optional<Digest> applied = Applied.named(folder.path());
      Optional<Generation> before =
          applied.isPresent() ? here.open(applied.get()) : Optional.empty();
      Optional<Generation> target = target(here, work);
      if (target.isPresent()) {
        EnvoyConfigCheck.check(target.get(), target.get().changesSince(before));
      }
      List<String> diffs = diffs(folder, before, target);
      diffs.forEach(out::print);
      return diffs.isEmpty() ? ExitCode.OK : ExitCode.DIFFERENT;
    } catch (RefusedException e) {
      err.println("sluice-agent: this host would refuse the bundle: " + e.reason());
      return ExitCode.REFUSED;
    } finally {
      HostFiles.deleteTree(work);
    }
  }

  private List<String> diffs(
      StateFolder folder, Optional<Generation> before, Optional<Generation> target)
      throws UsageException, IOException, RefusedException {
    Backend backend = RunCommand.backend(options);
    Firewall firewall =
        new Firewall(backend, folder.ownerIfAny().orElse(""), new Ledger(folder.path()));
    Map<IpFamily, byte[]> rules = new EnumMap<>(IpFamily.class);
    java.util.Set<Integer> ports = java.util.Set.of();
    if (target.isPresent()) {
      Settings settings = target.get().settings();
      ports = settings.ruleTargets();
      for (IpFamily family : IpFamily.values()) {
        target.get().find(family.file()).ifPresent(text -> rules.put(family, text));
      }
    }
    Plan plan = new Plan(backend);
    List<String> diffs = new ArrayList<>(plan.rules(firewall.preview(rules, ports)));
    diffs.addAll(plan.files(before, target));
    return diffs;
  }

  /** The bundle that is asked about; empty when the dataplane was deleted. */
  private Optional<Generation> target(Generations here, Path work)
      throws UsageException, IOException, RefusedException {
    Optional<String> named = options.value("generation");
    if (named.isEmpty()) {
      return current(work);
    }
    if (Digest.isDigest(named.get())) {
      Optional<Generation> known = here.open(new Digest(named.get()));
      if (known.isEmpty()) {
        throw new IOException(
            "generation " + named.get() + " is not, or not whole, in the state folder");
      }
      return known;
    }
    Path folder = Path.of(named.get());
    if (!Files.isRegularFile(folder.resolve("agent.properties"))) {
      throw new UsageException(
          "--generation "
              + named.get()
              + " is neither a digest nor a folder with a bundle's files");
    }
    return Optional.of(Generations.in(folder));
  }

  private Optional<Generation> current(Path work)
      throws UsageException, IOException, RefusedException {
    try {
      // What asks the control plane must not be redirected itself.
      Identity.takeGroup();
    } catch (IOException e) {
      err.println("sluice-agent: " + e.getMessage());
    }
    try (ControlPlane controlPlane = RunCommand.controlPlane(options)) {
      Poll poll = controlPlane.poll(Optional.empty(), Optional.empty(), Optional.empty(), false, 0);
      return switch (poll) {
        case Poll.Changed changed ->
            Optional.of(
                new Generations(work)
                    .receive(changed.digest(), changed.pack(), null, controlPlane::file));
        case Poll.Gone(Poll.Deletion by) when by == Poll.Deletion.OPERATOR -> Optional.empty();
        case Poll.Gone(Poll.Deletion by) ->
            throw new IOException(OwnDataplane.lack(by) + ": the agent leaves the host as it is");
        case Poll.Absent() -> throw new IOException("the control plane has no such dataplane yet");
        case Poll.Unavailable(String reason, int seconds) ->
            throw new IOException("the control plane does not answer: " + reason);
        case Poll.Unchanged(), Poll.FactsWanted() ->
            throw new IOException("the control plane answers as to a poll that was not sent");
      };
    }
  }
}
