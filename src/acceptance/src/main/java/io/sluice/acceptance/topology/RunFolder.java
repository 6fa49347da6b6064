package io.sluice.acceptance.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for one run's data under the machine's temporary folder, where every user can reach it.
 * It holds a lock that the kernel releases when the process ends, however it ends: a folder that
 * nobody holds is what a killed run left, and the next run removes it with everything listed in it.
 */
public final class RunFolder implements AutoCloseable {

  private static final String PREFIX = "sluice-run-";
  private static final String NAMESPACES = "namespaces";
  private static final String ACCOUNTS = "accounts";

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  /** The folders of this process. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private RunFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes a folder, after removing what killed runs left. */
  public static RunFolder open() {
    try {
      sweep();
      Path path = create();
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.write(path.resolve(ACCOUNTS), Accounts.absent());
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      OURS.add(path);
      channel.lock();
      return new RunFolder(path, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Makes a subfolder. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tells this run's names from those of others. */
  String id() {
    return path.getFileName().toString().substring(PREFIX.length());
  }

  /** Notes a namespace before it is made, so that it is found if we are killed right after. */
  void remember(String namespace) {
    append(path.resolve(NAMESPACES), List.of(namespace));
  }

  /** Removes the folder, what is left of its namespaces, and the accounts that its run brought. */
  @Override
  public void close() {
    try {
      remove(path);
      channel.close();
      OURS.remove(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A short name: it is in the names of namespaces, which people type. */
  private static Path create() throws IOException {
    while (true) {
      String id = Integer.toString(36 * 36 * 36 + RANDOM.nextInt(35 * 36 * 36 * 36), 36);
      try {
        return Files.createDirectory(TEMPORARY.resolve(PREFIX + id));
      } catch (FileAlreadyExistsException e) {
        // Somebody has that one: another.
      }
    }
  }

  private static void sweep() throws IOException {
    for (Path folder : folders()) {
      try (FileChannel lock = lock(folder)) {
        if (lock != null) {
          remove(folder);
        }
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    for (String namespace : lines(folder.resolve(NAMESPACES)).reversed()) {
      NetworkNamespace.remove(namespace);
    }
    List<String> accounts = lines(folder.resolve(ACCOUNTS));
    Path heir = living(folder);
    if (heir == null) {
      Accounts.remove(accounts);
    } else {
      append(heir.resolve(ACCOUNTS), accounts);
    }
    delete(folder);
  }

  /** Another run that goes on, and still uses the accounts. */
  private static @Nullable Path living(Path ours) throws IOException {
    for (Path folder : folders()) {
      if (!folder.equals(ours)) {
        try (FileChannel lock = lock(folder)) {
          if (lock == null) {
            return folder;
          }
        }
      }
    }
    return null;
  }

  /**
   * The file that holds the lock of a folder nobody else holds; null when its run goes on, or is so
   * young that its lock is not there yet.
   */
  private static @Nullable FileChannel lock(Path folder) throws IOException {
    // Not even looked at: the kernel drops a process's lock when any of its channels is closed.
    if (OURS.contains(folder)) {
      return null;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    if (channel.tryLock() == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> entries = Files.list(TEMPORARY)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static void append(Path file, List<String> lines) {
    try {
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.forEach(entries::add);
    }
    for (Path entry : entries.reversed()) {
      Files.deleteIfExists(entry);
    }
  }
}
