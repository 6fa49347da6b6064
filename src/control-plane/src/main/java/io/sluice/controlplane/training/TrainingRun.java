package io.sluice.controlplane.training;

import io.sluice.controlplane.SluiceControlPlane;
import io.sluice.controlplane.security.AgentsListener;
import io.sluice.controlplane.security.CertificateAuthorities;
import io.sluice.controlplane.security.DataplaneTokens;
import io.sluice.controlplane.store.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a control plane on an embedded PostgreSQL that is thrown away, sends it what operators and
 * agents send, and stops it. The JVM, told to by {@code -XX:AOTCacheOutput}, keeps the classes that
 * were loaded and the profiles of the methods that ran.
 */
public final class TrainingRun {

  private static final int ROUNDS = 300;
  private static final Duration VALID = Duration.ofMinutes(5);

  private TrainingRun() {}

  /**
   * Does the run; arguments are more settings of the control plane.
   *
   * @throws IOException when a request fails: a cache of errors would help nobody
   */
  public static void main(String[] arguments) throws IOException {
    Path data = Files.createTempDirectory("sluice-training-");
    // PostgreSQL runs as a user of its own, who has to get through.
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
    try {
      List<String> settings =
          new ArrayList<>(
              List.of("--sluice.port=0", "--sluice.agents.port=0", "--sluice.data=" + data));
      settings.addAll(List.of(arguments));
      ConfigurableApplicationContext context =
          SpringApplication.run(SluiceControlPlane.class, settings.toArray(String[]::new));
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      Visitor operator = new Visitor("http://127.0.0.1:" + port);
      operator.operate(ROUNDS);
      agent(context).poll();
      operator.leave();
      SpringApplication.exit(context);
    } finally {
      delete(data);
    }
  }

  private static Visitor agent(ConfigurableApplicationContext context) throws IOException {
    DataplaneTokens.Issued issued =
        context
            .getBean(DataplaneTokens.class)
            .issue("default", Visitor.TRANSPARENT, VALID, new Author("training"));
    return new Visitor(
        "https://127.0.0.1:" + context.getBean(AgentsListener.class).port(),
        issued.secret(),
        context.getBean(CertificateAuthorities.class).current().certificate());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
