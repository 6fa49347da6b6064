package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running PostgreSQL and the thread that is its parent. The kernel stops the server when that
 * thread ends ({@code PR_SET_PDEATHSIG}), so it lives as long as this process does: then even
 * SIGKILL leaves no orphan behind. A server that ends by itself is started again.
 */
final class ServerProcess {

  private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);
  private static final Duration PREDECESSOR = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final long LOG_LIMIT_BYTES = 10L << 20;
  private static final int LOG_TAIL_BYTES = 1500;

  private final Cluster cluster;
  private final int port;
  private final Path logFile;
  private volatile boolean proven;
  private volatile boolean stopping;
  private volatile @Nullable Process process;

  ServerProcess(Cluster cluster, int port, Path logFile) {
    this.cluster = cluster;
    this.port = port;
    this.logFile = logFile;
  }

  /** Tells that the server has answered: from now on its end is no failure of the start. */
  void markProven() {
    proven = true;
  }

  /** Runs the server, again and again, until {@link #stop}. Fails if it never came up. */
  void superviseFromThisThread() throws IOException, InterruptedException {
    Duration pause = Duration.ofSeconds(1);
    while (!stopping) {
      Predecessor.of(cluster).awaitEnd(PREDECESSOR);
      long begin = System.nanoTime();
      Process started = start();
      process = started;
      if (stopping) {
        interrupt(started);
      }
      int status = started.waitFor();
      if (stopping) {
        return;
      }
      if (!proven) {
        throw new StartFailure(
            "The embedded PostgreSQL ended with status " + status + ":\n" + logTail(),
            "Mend what the message names; the whole log is " + logFile + ".");
      }
      boolean ranLong = System.nanoTime() - begin > TimeUnit.MINUTES.toNanos(1);
      pause = ranLong ? Duration.ofSeconds(1) : pause.multipliedBy(2);
      pause = pause.compareTo(Duration.ofSeconds(10)) > 0 ? Duration.ofSeconds(10) : pause;
      log.warn(
          "The embedded PostgreSQL ended with status {}; it is started again in {} s. Its log: {}",
          status,
          pause.toSeconds(),
          logFile);
      Thread.sleep(pause);
    }
  }

  private Process start() throws IOException {
    if (Files.exists(logFile) && Files.size(logFile) > LOG_LIMIT_BYTES) {
      Files.move(
          logFile,
          logFile.resolveSibling(logFile.getFileName() + ".old"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command =
        cluster
            .user()
            .commandThatEndsWithUs(
                cluster.program("postgres"),
                "-D",
                cluster.files().toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=on",
                "-c",
                "synchronous_commit=on",
                "-c",
                "full_page_writes=on",
                "-c",
                "max_connections=64",
                "-c",
                "shared_buffers=64MB",
                "-c",
                "logging_collector=off",
                "-c",
                "log_destination=stderr");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
        .start();
  }

  /** Asks for a fast shutdown (open transactions are rolled back) and waits for it. */
  void stop() throws IOException, InterruptedException {
    stopping = true;
    Process running = process;
    if (running == null) {
      return;
    }
    interrupt(running);
    if (!running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      log.warn("The embedded PostgreSQL has not ended after {} s", STOP.toSeconds());
    }
  }

  /** Java knows only SIGTERM, with which PostgreSQL would wait for its clients. */
  private static void interrupt(Process running) throws IOException, InterruptedException {
    Output.of(List.of("sh", "-c", "kill -INT " + running.pid()));
  }

  long pid() {
    Process running = process;
    return running == null ? -1 : running.pid();
  }

  private String logTail() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(logFile.toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(file.length(), LOG_TAIL_BYTES)];
      file.seek(file.length() - tail.length);
      file.readFully(tail);
      return new String(tail, StandardCharsets.UTF_8).strip();
    }
  }
}
