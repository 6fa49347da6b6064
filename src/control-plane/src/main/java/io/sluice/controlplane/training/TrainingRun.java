package io.sluice.controlplane.training;

import io.sluice.controlplane.SluiceControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a control plane on an embedded PostgreSQL that is thrown away, sends it what operators
 * send, and stops it. The JVM, told to by {@code -XX:AOTCacheOutput}, keeps the classes that were
 * loaded and the profiles of the methods that ran.
 */
public final class TrainingRun {

  private static final int ROUNDS = 300;

  private TrainingRun() {}

  /**
   * Does the run.
   *
   * @param settings more settings of the control plane
   * @throws IOException when a request fails: a cache of errors would help nobody
   */
  public static void run(List<String> settings) throws IOException {
    Path data = Files.createTempDirectory("sluice-training-");
    try {
      List<String> arguments =
          new ArrayList<>(
              List.of("--sluice.port=0", "--sluice.agents.port=0", "--sluice.data=" + data));
      arguments.addAll(settings);
      ConfigurableApplicationContext context =
          SpringApplication.run(SluiceControlPlane.class, arguments.toArray(String[]::new));
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      new Visitor(port).visit(ROUNDS);
      SpringApplication.exit(context);
    } finally {
      delete(data);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
