package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own in a data folder. {@link #start} returns at once; the server is made and
 * comes up while the application does. It keeps what it acknowledged: fsync is on.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final Path data;
  private final FolderLock lock;
  private final String password;
  private final int port;
  private final CompletableFuture<ServerProcess> launched = new CompletableFuture<>();
  private volatile @Nullable Throwable failure;
  private volatile boolean closing;

  private EmbeddedPostgres(Path data, FolderLock lock, String password, int port) {
    this.data = data;
    this.lock = lock;
    this.password = password;
    this.port = port;
  }

  /**
   * Begins to start the server.
   *
   * @throws StartFailure if the folder can't be used, or another process uses it
   */
  public static EmbeddedPostgres start(Path data) {
    Path folder = makeFolder(data);
    ServerUser user = ServerUser.choose();
    FolderLock lock = FolderLock.take(folder);
    try {
      ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      String password = Cluster.password(folder);
      EmbeddedPostgres postgres =
          new EmbeddedPostgres(folder, lock, password, reserved.getLocalPort());
      // Platform, not virtual: the server's life hangs on this very thread of the kernel.
      Thread.ofPlatform()
          .name("postgresql-parent")
          .daemon()
          .start(() -> postgres.run(user, reserved));
      return postgres;
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Where the server answers once it is up; without credentials. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String username() {
    return Cluster.SUPERUSER;
  }

  public String password() {
    return password;
  }

  /** The folder the server's files are in. */
  public Path data() {
    return data;
  }

  /** The server's process, once it has been started; -1 before. */
  public long pid() {
    return launched.isDone() && !launched.isCompletedExceptionally() ? launched.join().pid() : -1;
  }

  /** Throws what kept the server from starting, if anything did. */
  void checkStart() {
    Throwable problem = failure;
    if (problem instanceof StartFailure known) {
      throw known;
    }
    if (problem != null) {
      throw unusable(data, problem);
    }
  }

  /** Tells that the server has answered. */
  void markProven() {
    launched.join().markProven();
  }

  private void run(ServerUser user, ServerSocket reserved) {
    try {
      Cluster cluster = Cluster.open(data, user, password);
      ServerProcess server = new ServerProcess(cluster, port, data.resolve("postgresql.log"));
      reserved.close();
      launched.complete(server);
      if (!closing) {
        server.superviseFromThisThread();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e;
      launched.completeExceptionally(e);
    }
  }

  /** Stops the server and gives the folder free. */
  @Override
  public void close() throws IOException {
    closing = true;
    try {
      launched.get().stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.debug("the server never ran", e);
    } finally {
      lock.close();
    }
  }

  private static Path makeFolder(Path data) {
    Path folder = data.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      return folder.toRealPath();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static StartFailure unusable(Path folder, Throwable e) {
    return new StartFailure(
        "The data folder " + folder + " can't be used: " + e,
        "Check its rights and the space on its disk, or choose another with --data DIR.",
        e);
  }
}
