package io.sluice.rendering.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.rendering.bundle.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Envoy on a private host with a bundle as its live folder, as docs/bundle.md describes it. */
public final class RunningEnvoy implements AutoCloseable {

  private static final List<String> PARTS = List.of("envoy", "mesh");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PrivateHost host;
  private final Process process;

  /** Starts Envoy and waits until its listeners take connections. */
  public RunningEnvoy(PrivateHost host, Bundle bundle) {
    this.host = host;
    write("envoy.log", "");
    write("bootstrap.json", bundle.text("envoy/bootstrap.json"));
    write("live/lds.json", response(bundle, "listeners"));
    write("live/cds.json", response(bundle, "clusters"));
    for (String part : PARTS) {
      bundle.forEachFileIn(
          part + "/endpoints",
          (path, content) -> write(path.replaceFirst(part, "live"), content.text()));
    }
    write("run/made", "");
    // Hot restart would share memory with every other Envoy of the machine.
    String envoy =
        "exec "
            + EnvoyBinary.find()
            + " --config-path bootstrap.json --disable-hot-restart --concurrency 1"
            + " --log-level warning";
    try {
      process =
          new ProcessBuilder(host.command(envoy))
              .directory(host.folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(host.folder().resolve("envoy.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> "1".equals(statistics().get("listener_manager.workers_started")));
  }

  /** Envoy's statistics by name; histograms are left out. */
  public Map<String, String> statistics() {
    return admin("/stats?type=All")
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(parts -> parts.length == 2)
        .collect(
            Collectors.toMap(
                parts -> parts[0], parts -> parts[1], (one, other) -> other, TreeMap::new));
  }

  /** What the admin API answers; empty while it does not listen. */
  public String admin(String path) {
    return host.run(
            "curl --silent --unix-socket run/envoy-admin.sock 'http://envoy%s' || true"
                .formatted(path))
        .output();
  }

  /** Puts a file into the live folder as the agent does. */
  public void rename(String path, String text) {
    write(path + ".new", text);
    try {
      Files.move(
          host.folder().resolve(path + ".new"),
          host.folder().resolve(path),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String response(Bundle bundle, String folder) {
    List<String> resources = new ArrayList<>();
    for (String part : PARTS) {
      bundle.forEachFileIn(part + "/" + folder, (path, content) -> resources.add(content.text()));
    }
    return "{\"versionInfo\":\"1\",\"resources\":[" + String.join(",", resources) + "]}";
  }

  private void write(String path, String text) {
    try {
      Path file = host.folder().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
