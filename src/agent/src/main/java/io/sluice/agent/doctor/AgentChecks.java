package io.sluice.agent.doctor;

import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Loopback;
import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the agent has made of this host so far. */
final class AgentChecks {

  private static final long ENOUGH_BYTES = 512L << 20;
  private static final long TOO_LITTLE_BYTES = 64L << 20;

  private final Patient patient;

  AgentChecks(Patient patient) {
    this.patient = patient;
  }

  List<Finding> findings() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(folder());
    findings.add(disk());
    findings.add(envoy());
    findings.add(running());
    findings.add(generation());
    findings.add(rules());
    findings.add(loopback());
    return findings;
  }

  private Finding folder() throws IOException {
    Path state = patient.state();
    if (!Files.isDirectory(state)) {
      return Finding.wrong("state", "there is no folder " + state, "sluice-agent setup");
    }
    Set<PosixFilePermission> open = Files.getPosixFilePermissions(state);
    long owner = ((Number) Files.getAttribute(state, "unix:uid")).longValue();
    long group = ((Number) Files.getAttribute(state, "unix:gid")).longValue();
    String mend = "chown root:sluice " + state + "; chmod 750 " + state;
    if (owner != 0 && Accounts.self().uid() == 0) {
      return Finding.wrong("state", state + " does not belong to root", mend);
    }
    if (open.contains(PosixFilePermission.GROUP_WRITE)
        || open.contains(PosixFilePermission.OTHERS_WRITE)) {
      return Finding.wrong("state", "others than root may write in " + state, mend);
    }
    if (open.contains(PosixFilePermission.OTHERS_READ)) {
      return Finding.warning("state", "everybody may read " + state, mend);
    }
    boolean readable =
        Accounts.group(Accounts.GROUP).map(id -> id == group).orElse(true)
            && open.contains(PosixFilePermission.GROUP_EXECUTE);
    return readable
        ? Finding.ok("state", state.toString())
        : Finding.wrong("state", "the group sluice can't enter " + state, mend);
  }

  private Finding disk() throws IOException {
    Path there = patient.state();
    while (!Files.exists(there)) {
      there = java.util.Objects.requireNonNull(there.getParent());
    }
    long free = Files.getFileStore(there).getUsableSpace();
    String says = (free >> 20) + " MiB are free for " + patient.state();
    if (free < TOO_LITTLE_BYTES) {
      return Finding.wrong("disk", says, "make room: a bundle can't be written otherwise");
    }
    return free < ENOUGH_BYTES
        ? Finding.warning("disk", says, "make room: a bundle may have 256 MiB")
        : Finding.ok("disk", says);
  }

  private Finding envoy() {
    try {
      String installed = patient.launcher().version();
      Optional<String> runs = patient.envoy().version();
      if (!installed.matches("1\\.\\d+\\..*")) {
        return Finding.wrong("envoy", "its version can't be read", "name Envoy by --envoy PATH");
      }
      boolean old = Integer.parseInt(installed.split("\\.", -1)[1]) < 30;
      if (old) {
        return Finding.warning("envoy", installed + " is old", "this agent was tried with 1.40");
      }
      return runs.isPresent() && !runs.get().equals(installed) && !runs.get().equals("unknown")
          ? Finding.warning(
              "envoy",
              runs.get() + " runs, " + installed + " is installed",
              "the next changed bootstrap starts it; or end Envoy, the agent starts it at once")
          : Finding.ok("envoy", installed);
    } catch (IOException e) {
      return Finding.wrong(
          "envoy", String.valueOf(e.getMessage()), "install Envoy, or name it by --envoy PATH");
    }
  }

  private Finding running() throws IOException {
    Optional<String> pid = new StateFolder(patient.state()).heldBy();
    return pid.isPresent()
        ? Finding.ok("agent", "runs, process " + pid.get())
        : Finding.wrong("agent", "does not run", "systemctl start sluice-agent");
  }

  private Finding generation() throws IOException {
    if (patient.rejected().isPresent()) {
      return Finding.wrong(
          "generation",
          "the newest was refused: " + patient.rejected().get(),
          "mend what it names: the agent tries again when bundle or host change");
    }
    if (patient.applied().isEmpty()) {
      return Finding.warning(
          "generation",
          "none was applied yet",
          "describe this host's Dataplane in the control plane");
    }
    if (patient.settings().isEmpty()) {
      return Finding.wrong(
          "generation",
          "that in force is damaged on disk: " + patient.applied().get(),
          "start the agent with the control plane in reach: it gets it anew");
    }
    return patient.envoy().isLive()
        ? Finding.ok("generation", "confirmed: " + patient.applied().get())
        : Finding.wrong(
            "generation",
            "in force, but Envoy does not listen: " + patient.applied().get(),
            "see " + patient.state().resolve("envoy.log"));
  }

  private Finding rules() throws IOException {
    Firewall firewall = patient.firewall();
    if (!firewall.engaged()) {
      return firewall.anyStands()
          ? Finding.wrong(
              "rules", "rules of a lost state folder stand here", "sluice-agent uninstall --force")
          : Finding.ok("rules", "none");
    }
    return firewall.intact()
        ? Finding.ok("rules", "stand as they were loaded")
        : Finding.wrong(
            "rules",
            "somebody has changed them",
            "sluice-agent plan shows it; the agent puts them back where drift is repair");
  }

  private Finding loopback() throws IOException {
    boolean needed = Loopback.hasIpv6() && patient.settings().map(s -> s.ipv6()).orElse(false);
    boolean off =
        HostFiles.text(Path.of("/proc/sys/net/ipv6/conf/lo/disable_ipv6"))
            .orElse("")
            .strip()
            .equals("1");
    if (Loopback.present()) {
      return Finding.ok("loopback", "::6 is on lo");
    }
    if (!needed || !patient.firewall().engaged()) {
      return Finding.ok("loopback", "::6 is put on lo when IPv6 is captured");
    }
    return off
        ? Finding.warning("loopback", "lo has no IPv6", "sysctl -w net.ipv6.conf.lo.disable_ipv6=0")
        : Finding.wrong(
            "loopback",
            "::6 is not on lo: applications are not reached over IPv6",
            "ip -6 addr add ::6/128 dev lo nodad");
  }
}
