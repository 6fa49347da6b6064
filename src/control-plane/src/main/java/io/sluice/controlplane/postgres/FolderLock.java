package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One process at a time works on a data folder. The kernel drops the lock with the process, however
 * it ends; the file's content only tells the next one who holds it.
 */
final class FolderLock implements AutoCloseable {

  private static final int LONGEST_COMMAND = 200;
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path folder) {
    Path file = folder.resolve("lock");
    try {
      return take(folder, file);
    } catch (IOException e) {
      throw new StartFailure(
          "The file " + file + " can't be written: " + e.getMessage(),
          "Give this user the right to write to the folder, or choose another with --data DIR.",
          e);
    }
  }

  private static FolderLock take(Path folder, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new StartFailure(
          "The data folder " + folder + " is in use by " + Files.readString(file).strip() + ".",
          "Stop that process, or choose another folder with --data DIR.");
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(self().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    channel.force(false);
    return new FolderLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String self() {
    ProcessHandle self = ProcessHandle.current();
    String command =
        self.info().command().orElse("java")
            + self.info()
                .arguments()
                .map(words -> Arrays.stream(words).collect(Collectors.joining(" ", " ", "")))
                .orElse("");
    String shown =
        command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command;
    return "process " + self.pid() + " (" + shown + ")\n";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
