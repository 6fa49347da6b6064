package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.doctor.Doctor;
import io.sluice.agent.doctor.Finding;
import io.sluice.agent.doctor.JsonText;
import io.sluice.agent.doctor.Patient;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.protocol.ControlPlane;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code doctor}: what is wrong with this host, and what to do; changes nothing. */
final class DoctorCommand {

  private final Options options;
  private final PrintStream out;

  DoctorCommand(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  int run() throws UsageException, IOException {
    if (!Command.exists("iptables")) {
      // Without it nothing else can be looked at.
      return print(
          List.of(
              new Finding(
                  "backend",
                  Finding.Grade.WRONG,
                  "this host has no iptables",
                  "install iptables, iproute2 and util-linux")));
    }
    Doctor doctor = new Doctor(patient(RunCommand.backend(options)));
    exempt();
    try (ControlPlane controlPlane = RunCommand.controlPlane(options)) {
      return print(doctor.findings(Optional.of(controlPlane), ""));
    } catch (UsageException e) {
      return print(doctor.findings(Optional.empty(), String.valueOf(e.getMessage())));
    }
  }

  /** What asks the control plane must not be redirected itself. */
  private static void exempt() {
    try {
      Identity.takeGroup();
    } catch (IOException e) {
      // There is no such group yet, which is told, and then there are no rules either.
    }
  }

  private Patient patient(Backend backend) throws IOException {
    StateFolder folder = new StateFolder(options.stateFolder());
    Path state = folder.path();
    EnvoyLauncher launcher = new EnvoyLauncher(state, options.envoy());
    Optional<Digest> applied = Applied.named(state);
    return new Patient(
        state,
        backend,
        launcher,
        new Envoy(launcher),
        new Firewall(backend, folder.ownerIfAny().orElse(""), new Ledger(state)),
        options.dnsmasq(),
        options.upstreams(),
        applied,
        applied.flatMap(digest -> settings(state, digest)),
        Rejection.remembered(state).map(Rejection::reason));
  }

  private static Optional<Settings> settings(Path state, Digest digest) {
    try {
      Optional<Generation> generation = new Generations(state).open(digest);
      return generation.isPresent() ? Optional.of(generation.get().settings()) : Optional.empty();
    } catch (IOException | RefusedException e) {
      return Optional.empty();
    }
  }

  private int print(List<Finding> findings) {
    boolean wrong = findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.WRONG);
    if (options.has("json")) {
      List<Map<String, Object>> checks = new ArrayList<>();
      for (Finding finding : findings) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("check", finding.check());
        check.put("grade", finding.grade().text());
        check.put("says", finding.says());
        check.put("remedy", finding.remedy());
        checks.add(check);
      }
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("ok", !wrong);
      all.put("checks", checks);
      out.println(JsonText.of(all));
    } else {
      findings.forEach(finding -> out.println(finding.text()));
    }
    return wrong ? ExitCode.FAILED : ExitCode.OK;
  }
}
