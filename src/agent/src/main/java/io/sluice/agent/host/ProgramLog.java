package io.sluice.agent.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What a program that outlives us writes about itself: appended by it, kept bounded by us. */
public final class ProgramLog {

  private static final long MOST_BYTES = 8 << 20;
  private static final int TAIL_BYTES = 64 << 10;

  private final Path file;

  /** The log in this file; one older part of it is kept beside. */
  public ProgramLog(Path file) {
    this.file = file;
  }

  /** Where a program is to write. */
  public ProcessBuilder.Redirect appender() {
    return ProcessBuilder.Redirect.appendTo(file.toFile());
  }

  /** How many bytes it has. */
  public long size() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** What was said after a position, at most the last 64 KiB of it. */
  public String after(long from) {
    if (size() <= from) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
      channel.read(buffer, Math.max(from, channel.size() - TAIL_BYTES));
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Sets a full log aside: the program, which holds the file open, goes on at its new end. */
  public void rotate() throws IOException {
    if (size() > MOST_BYTES) {
      Path older = file.resolveSibling(file.getFileName() + ".1");
      Files.copy(file, older, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }
}
