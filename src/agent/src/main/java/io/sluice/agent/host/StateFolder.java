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
import java.util.Locale;
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
    lock = channel;
    String pid = ProcessHandle.current().pid() + "\n";
    try {
      // Over what stands there: a file that is first emptied may find the disk full.
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      channel.truncate(pid.length());
    } catch (IOException e) {
      // The lock is what counts; the number only helps to name its holder.
    }
  }

  /**
   * The process that holds the folder, if one does. Read from the kernel's list of locks: to try
   * the lock would take it for a moment, and an agent that starts just then would be refused.
   */
  public Optional<String> heldBy() throws IOException {
    Path file = path.resolve("agent.lock");
    if (lock != null) {
      // To open and close the file here would give the lock away.
      return Optional.of(Long.toString(ProcessHandle.current().pid()));
    }
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String noted = Files.readString(file, StandardCharsets.US_ASCII).strip();
    String inode = ":" + Files.getAttribute(file, "unix:ino");
    String device = device((long) Files.getAttribute(file, "unix:dev"));
    for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
      // 1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF; with "->" after the number, one waits.
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 5 && words[1].equals("POSIX") && words[5].endsWith(inode)) {
        // Some file systems show processes another device than the one that locks are listed by.
        if (words[5].equals(device + inode) || words[4].equals(noted)) {
          return Optional.of(words[4].equals("0") ? noted : words[4]);
        }
      }
    }
    return Optional.empty();
  }

  private static String device(long number) {
    long major = (number >>> 8 & 0xfff) | (number >>> 32 & ~0xfffL);
    long minor = (number & 0xff) | (number >>> 12 & ~0xffL);
    return String.format(Locale.ROOT, "%02x:%02x", major, minor & 0xffffffffL);
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
