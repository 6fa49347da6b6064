package io.sluice.benchmarks.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a process as the kernel counts it, in megabytes (10⁶ bytes).
 *
 * @param resident everything that is in memory (RSS), shared files too
 * @param anonymous the part that no file backs: what the process itself costs the machine
 */
public record ProcessMemory(double resident, double anonymous) {

  private static final double BYTES_PER_KILOBYTE = 1024;

  /** The memory of a process now. */
  public static ProcessMemory of(long pid) {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      return new ProcessMemory(field(status, "VmRSS"), field(status, "RssAnon"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double field(String status, String name) {
    return status
            .lines()
            .filter(line -> line.startsWith(name + ":"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToDouble(Double::parseDouble)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the kernel tells no " + name))
        * BYTES_PER_KILOBYTE
        / 1e6;
  }
}
