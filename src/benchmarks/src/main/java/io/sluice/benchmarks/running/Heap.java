package io.sluice.benchmarks.running;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of a Java process. */
public final class Heap {

  /** As a heap's generations are told, not the metaspace, which stands there too. */
  private static final Pattern GENERATION =
      Pattern.compile("(?i)^\\s*(?:def ?new|tenured).* used (\\d+)K", Pattern.MULTILINE);

  private static final double BYTES_PER_KILOBYTE = 1024;

  private Heap() {}

  /** What is used after a full collection by the serial collector, in megabytes (10⁶ bytes). */
  public static double live(long pid) {
    jcmd(pid, "GC.run");
    String told = jcmd(pid, "GC.heap_info");
    double kilobytes =
        GENERATION
            .matcher(told)
            .results()
            .mapToDouble(found -> Double.parseDouble(found.group(1)))
            .sum();
    Matcher any = GENERATION.matcher(told);
    if (!any.find()) {
      throw new IllegalStateException(
          "jcmd tells no generations of the serial collector:\n" + told);
    }
    return kilobytes * BYTES_PER_KILOBYTE / 1e6;
  }

  private static String jcmd(long pid, String command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Programs.run(Map.of(), List.of(jcmd.toString(), Long.toString(pid), command));
  }
}
