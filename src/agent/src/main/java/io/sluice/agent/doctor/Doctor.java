package io.sluice.agent.doctor;

import io.sluice.agent.protocol.ControlPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All checks, one after the other; one that fails hides no other. */
public final class Doctor {

  private final Patient patient;

  /** For this host. */
  public Doctor(Patient patient) {
    this.patient = patient;
  }

  @FunctionalInterface
  private interface Checks {
    List<Finding> findings() throws IOException;
  }

  /**
   * Runs all checks.
   *
   * @param controlPlane absent when it can't even be asked, for the reason given
   */
  public List<Finding> findings(Optional<ControlPlane> controlPlane, String reason) {
    List<Finding> all = new ArrayList<>();
    add(all, "kernel", () -> new KernelChecks(patient.backend()).findings());
    add(
        all,
        "host",
        () ->
            new HostChecks(patient.settings(), patient.dnsmasq(), patient.upstreams()).findings());
    add(all, "agent", () -> new AgentChecks(patient).findings());
    if (controlPlane.isPresent()) {
      all.addAll(ControlPlaneCheck.findings(controlPlane.get()));
    } else {
      all.add(
          Finding.wrong(
              "control-plane",
              "not asked: " + reason,
              "write control-plane, ca-fingerprint and token-file to /etc/sluice/agent.properties"));
    }
    return all;
  }

  private static void add(List<Finding> all, String name, Checks checks) {
    try {
      all.addAll(checks.findings());
    } catch (IOException e) {
      all.add(Finding.wrong(name, "can't be looked at: " + e.getMessage(), "run this as root"));
    }
  }
}
