package io.sluice.agent.drift;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.agent.host.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes of rules as nf_tables tells them, with the program that made them. {@code nft monitor}
 * listens for us: sockets of the kernel's own kind cost a JVM 8 MB more, and nft has 1.5.
 */
final class RuleEvents {

  private static final Pattern TOUCHED =
      Pattern.compile("(?:add|insert|delete|replace|destroy) \\w+ ip6? (?:nat|raw|mangle)\\b.*");
  private static final Pattern GENERATION =
      Pattern.compile("# new generation \\d+ by process (\\d+) \\((.*)\\)");
  private static final int MOST_PROGRAMS = 5;
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final Set<String> programs = new TreeSet<>();
  private boolean touched;
  private boolean listening;
  private long lastNanos;

  /** Whether this host can tell its changes. */
  static boolean available() {
    return Command.exists("nft") && Command.exists("setpriv");
  }

  /** Listens until the thread is interrupted. */
  void run() {
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (true) {
        long start = System.nanoTime();
        listen();
        lost();
        boolean lasted = System.nanoTime() - start > LONGEST_PAUSE_MILLIS * 1_000_000;
        pause = lasted ? FIRST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    // The kernel ends it when this thread ends, and the thread lives as long as the agent.
    List<String> command = List.of("setpriv", "--pdeathsig", "KILL", "nft", "-nn", "monitor");
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return;
    }
    boolean ours = false;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1), 1024)) {
      process.getOutputStream().close();
      begun();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("# new generation ")) {
          if (ours) {
            changed(line);
          }
          ours = false;
        } else if (!ours) {
          ours = TOUCHED.matcher(line).matches();
        }
      }
    } catch (IOException e) {
      // It has ended, as below.
    } finally {
      process.destroyForcibly();
    }
  }

  private synchronized void begun() {
    listening = true;
  }

  private synchronized void lost() {
    listening = false;
    touched = true;
    lastNanos = System.nanoTime();
    notifyAll();
  }

  private synchronized void changed(String generation) {
    Matcher words = GENERATION.matcher(generation);
    if (words.matches() && programs.size() < MOST_PROGRAMS) {
      programs.add(words.group(2) + " (pid " + words.group(1) + ")");
    }
    touched = true;
    lastNanos = System.nanoTime();
    notifyAll();
  }

  /** Whether changes are told just now. */
  synchronized boolean listening() {
    return listening;
  }

  /** Waits until something has changed tables in which we have rules, at most so long. */
  synchronized boolean await(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis; !touched && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return touched;
  }

  /** Takes what was told since the last time: who it was, and when the last of it was. */
  synchronized Seen take() {
    Seen seen = new Seen(touched, List.copyOf(programs), lastNanos);
    touched = false;
    programs.clear();
    return seen;
  }

  /**
   * What was told.
   *
   * @param nanos when the last of it was told, by {@link System#nanoTime}
   */
  record Seen(boolean touched, List<String> programs, long nanos) {}
}
