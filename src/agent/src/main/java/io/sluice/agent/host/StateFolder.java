package io.sluice.agent.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder in which everything that outlives an agent stands. It belongs to one agent a time. */
public final class StateFolder implements AutoCloseable {

  private final Path path;
  private @Nullable FileChannel lock;

  /** The folder at this path; nothing is created yet. */
  public StateFolder(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Thrown when another agent holds the folder. */
  public static final class HeldException extends Exception {
    private static final long serialVersionUID = 1L;

    HeldException(Path folder, String holder) {
      super("the state folder " + folder + " is held by another agent, process " + holder);
    }
  }

  /**
   * Creates the folder if need be and takes it for this process.
   *
   * @throws HeldException if another process has it
   */
  public void take() throws IOException, HeldException {
    HostFiles.createFolder(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve("agent.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock held = tryLock(channel);
    if (held == null) {
      String holder = holder(channel);
      channel.close();
      throw new HeldException(path, holder);
    }
    channel.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    lock = channel;
  }

  /** The process that holds the folder, if one does. */
  public Optional<String> heldBy() throws IOException {
    Path file = path.resolve("agent.lock");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return tryLock(channel) == null ? Optional.of(holder(channel)) : Optional.empty();
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(32);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
  }

  /** The mark of this folder's agent in the kernel's rules: 12 hex digits, made at first. */
  public String owner() throws IOException {
    Path file = path.resolve("owner");
    Optional<String> known = HostFiles.text(file).map(String::strip);
    if (known.isPresent() && known.get().matches("[0-9a-f]{12}")) {
      return known.get();
    }
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    String owner = HexFormat.of().formatHex(random);
    HostFiles.replace(file, owner + "\n");
    return owner;
  }

  /** The mark, if the folder has one already. */
  public Optional<String> ownerIfAny() throws IOException {
    return HostFiles.text(path.resolve("owner")).map(String::strip);
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }
}
