package io.sluice.agent.watchdog;

import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.RulePrograms;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.Command.Result;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small process beside the agent, in a session of its own, that knows how the host was before a
 * change. It hears from the agent through a pipe: when the pipe ends without a word, as it does
 * when the agent is killed, it gives everything back. Rules are loaded by it and not by the agent,
 * so that no program which a dead agent had started loads them afterwards; and tested by it, for a
 * shell of its size starts programs sooner than the agent does.
 */
public final class Watchdog implements RulePrograms, AutoCloseable {

  private static final String NAME = "sluice-watchdog";
  private static final String SESSION = "setsid";

  /** How long the agent may take from the first rule that changes to the word that all is well. */
  private static final int SECONDS = 30;

  private static final int END_SECONDS = 60;

  private final Path folder;
  private final Process process;
  private final BufferedReader answers;
  private boolean over;
  private boolean loaded;

  private Watchdog(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Where, for a state folder, a watchdog keeps what it would give back. */
  public static Path folder(Path state) {
    return state.resolve("watchdog");
  }

  /**
   * Makes an empty folder for what a watchdog would give back, to be filled before {@link #arm}.
   */
  public static void prepare(Path state) throws IOException {
    Path folder = folder(state);
    HostFiles.deleteTree(folder);
    HostFiles.createFolder(folder);
  }

  /**
   * Starts one. From here on what {@link #prepare} was filled with is given back unless {@link
   * #confirm} or {@link #dismiss} is called.
   *
   * @param loaders the programs that load rules, by family
   * @param back what leads back, by family and table: {@code v4.nat}
   */
  public static Watchdog arm(Path state, Map<IpFamily, String> loaders, Map<String, String> back)
      throws IOException {
    Path folder = folder(state);
    HostFiles.createFolder(folder.resolve("back"));
    HostFiles.createFolder(folder.resolve("new"));
    for (Map.Entry<String, String> file : back.entrySet()) {
      Files.writeString(folder.resolve("back").resolve(file.getKey()), file.getValue());
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            SESSION,
            "sh",
            "-c",
            Scripts.text("watchdog.sh"),
            NAME,
            state.toString(),
            loaders.getOrDefault(IpFamily.V4, ""),
            loaders.getOrDefault(IpFamily.V6, ""),
            Integer.toString(SECONDS));
    Command.onlyPath(builder);
    Command.startedToo(1);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Watchdog watchdog = new Watchdog(folder, process);
    if (!"armed".equals(watchdog.answers.readLine())) {
      process.destroyForcibly();
      throw new IOException("the watchdog can't be armed in " + folder);
    }
    return watchdog;
  }

  /**
   * Waits for one that a former agent armed, and which may be giving things back just now, or
   * deleting its folder; one that does not come to an end is ended.
   */
  public static void settle(Path state) throws IOException {
    List<Long> running =
        ProcessHandle.allProcesses()
            .map(ProcessHandle::pid)
            .filter(pid -> isWatchdog(pid, state))
            .toList();
    long end = System.nanoTime() + END_SECONDS * 1_000_000_000L;
    for (long pid : running) {
      while (isWatchdog(pid, state)) {
        if (System.nanoTime() > end) {
          Processes.signal(pid, "KILL");
        }
        pause();
      }
    }
    HostFiles.deleteTree(folder(state));
  }

  /** Not its clock, which outlives one that was killed: that one leads no session. */
  private static boolean isWatchdog(long pid, Path state) {
    String commandLine = Processes.commandLine(pid);
    return commandLine.contains("\0" + NAME + '\0' + state + '\0')
        && (commandLine.startsWith(SESSION + '\0')
            || Processes.session(pid).equals(Optional.of(pid)));
  }

  @Override
  public Result test(IpFamily family, String transaction) throws IOException {
    Files.writeString(transaction(family), transaction);
    Command.startedToo(1);
    say("test " + family.text());
    return new Program(family, "tested").result();
  }

  @Override
  public Loading load(IpFamily family, String transaction) throws IOException {
    Files.writeString(transaction(family), transaction);
    // The first time with a sleep that ends the change if the agent does not.
    Command.startedToo(loaded ? 1 : 2);
    loaded = true;
    say("load " + family.text());
    return new Program(family, "loaded");
  }

  /** A program that it runs, one at a time. */
  private final class Program implements Loading {
    private final IpFamily family;
    private final String word;
    private @Nullable Result result;

    Program(IpFamily family, String word) {
      this.family = family;
      this.word = word;
    }

    @Override
    public boolean isOver() throws IOException {
      return result != null || answers.ready() || !process.isAlive();
    }

    @Override
    public Result result() throws IOException {
      if (result == null) {
        result = ended();
      }
      return result;
    }

    private Result ended() throws IOException {
      String answer = answer();
      if (!answer.matches(word + " [0-9]{1,3}")) {
        throw new IOException("the watchdog has given the rules back: the change took too long");
      }
      int status = Integer.parseInt(answer.substring(word.length() + 1));
      Path complaint = folder.resolve("complaint." + family.text());
      return new Result(status, "", status == 0 ? "" : Files.readString(complaint));
    }
  }

  private Path transaction(IpFamily family) {
    return folder.resolve("new").resolve(family.text());
  }

  /**
   * Tells it that all is well.
   *
   * @throws IOException if it has given everything back meanwhile
   */
  public void confirm() throws IOException {
    String answer = ask("confirm");
    if (answer.equals("returning")) {
      over = true;
      await();
      throw new IOException("the change took too long: the watchdog has taken it back");
    }
    // One that was killed has no answer, and has given nothing back.
    over = true;
  }

  /** Tells it that there is nothing left to give back. */
  public void dismiss() {
    over = true;
    try {
      process.getOutputStream().write("dismiss\n".getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended.
    }
    await();
  }

  /** Lets it give everything back unless it was told otherwise, and waits until it has. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended.
    }
    if (!over) {
      await();
    }
  }

  /**
   * Waits until one that is closed has deleted what it kept, which it goes on to do by itself. One
   * that does not come to it (it was stopped, say) is ended: nothing else is left for it to do.
   */
  public void awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String ask(String word) throws IOException {
    say(word);
    return answer();
  }

  private void say(String word) {
    try {
      process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended, and may have said why.
    }
  }

  private String answer() throws IOException {
    @Nullable String answer = answers.readLine();
    return answer == null ? "" : answer;
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
