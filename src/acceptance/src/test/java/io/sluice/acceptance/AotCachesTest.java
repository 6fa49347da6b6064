package io.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.Checkout;
import io.sluice.acceptance.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The caches that make both programs start fast, trained by the commands that operators use. With
 * {@code -XX:AOTMode=on} a JVM refuses to start when its cache does not fit.
 */
@Tag("long")
class AotCachesTest {

  private static final Duration TRAINING = Duration.ofMinutes(8);

  private final Checkout checkout = Checkout.find();

  @Test
  void theControlPlaneStartsFromTheCacheThatItsTrainingMade(@TempDir Path folder) {
    Path cache = folder.resolve("control-plane.aot");
    String launcher = checkout.controlPlane().toString();
    String java = "JAVA_HOME=" + System.getProperty("java.home");

    run("env", java, "SLUICE_AOT_CACHE=" + cache, launcher, "train");

    assertThat(cache).isNotEmptyFile();
    String started =
        run(
            "env",
            java,
            "SLUICE_AOT_CACHE=" + cache,
            "SLUICE_JAVA_OPTIONS=-XX:AOTMode=on",
            launcher,
            "--help");
    assertThat(started).contains("sluice-control-plane");
  }

  @Test
  void theAgentsImageStartsFromTheCacheThatItCarries(@TempDir Path folder) {
    Path image = folder.resolve("agent");

    run(checkout.root().resolve("src/agent/image.sh").toString(), image.toString());

    Path lib = image.resolve("lib");
    assertThat(lib.resolve("sluice-agent.aot")).isNotEmptyFile();
    assertThat(run(image.resolve("bin/sluice-agent").toString(), "--version"))
        .contains("sluice-agent");
    run(
        image.resolve("bin/java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseCompactObjectHeaders",
        "-XX:AOTMode=on",
        "-XX:AOTCache=" + lib.resolve("sluice-agent.aot"),
        "-jar",
        lib.resolve("sluice-agent.jar").toString(),
        "--version");
  }

  private static String run(String... command) {
    Command.Outcome outcome = Command.attempt(TRAINING, new ArrayList<>(List.of(command)));
    assertThat(outcome.status()).as("%s: %s", command[0], outcome.output()).isZero();
    return outcome.output();
  }
}
