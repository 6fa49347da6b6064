package io.sluice.agent;

import io.sluice.agent.host.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lets the real agent do its work in front of a control plane, so that Java notes which classes it
 * needs: {@code image.sh} makes the AOT cache of it. Nothing on the host is changed: the bundle
 * ends at an Envoy that is not there.
 */
public final class Training {

  private Training() {}

  /** As root the agent insists on the group sluice, which a machine that builds need not have. */
  private static List<String> ordinaryUser() throws IOException {
    boolean lacksGroup = Accounts.self().uid() == 0 && Accounts.group(Accounts.GROUP).isEmpty();
    return lacksGroup ? List.of("unshare", "--user") : List.of();
  }

  /** Arguments: a folder to work in, the java to train, the jar, and its flags. */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[0]);
    try (FakeControlPlane controlPlane = new FakeControlPlane()) {
      Map<String, String> files = Bundles.explicit(15_000, 5_000);
      files.put("agent.properties", Bundles.EXPLICIT.replace("sluice-proxy", "nobody-at-all"));
      controlPlane.wantFacts(true);
      controlPlane.serve(files);
      List<String> command = new ArrayList<>(ordinaryUser());
      command.add(arguments[1]);
      command.addAll(List.of(arguments[3].split(" ", -1)));
      command.addAll(
          List.of(
              "-XX:AOTMode=record",
              "-XX:AOTConfiguration=" + work.resolve("agent.aotconf"),
              "-jar",
              arguments[2],
              "run",
              "--state-dir",
              work.resolve("state").toString(),
              "--envoy",
              "/bin/true",
              "--control-plane",
              controlPlane.address().toString(),
              "--ca-fingerprint",
              controlPlane.fingerprint()));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("SLUICE_TOKEN", FakeControlPlane.TOKEN);
      Path log = work.resolve("training.log");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      long end = System.currentTimeMillis() + 60_000;
      while (!controlPlane.report().containsKey("rejected")) {
        if (System.currentTimeMillis() > end || !process.isAlive()) {
          process.destroyForcibly();
          throw new IllegalStateException("the training failed:\n" + Files.readString(log));
        }
        Thread.sleep(100);
      }
      process.destroy();
      process.waitFor();
    }
  }
}
