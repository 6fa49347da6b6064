package io.sluice.agent.host;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One line an event, {@code key=value}, on the standard error stream. */
public final class Log {

  /** Every key there is, in the spelling of the log. */
  public enum Key {
    /** Address of the control plane. */
    ADDRESS,
    /** Seconds until something is tried again. */
    AGAIN_IN,
    /** The digest of a bundle. */
    DIGEST,
    /** IP family. */
    FAMILY,
    /** A file or folder. */
    FILE,
    /** A process. */
    PID,
    /** A port. */
    PORT,
    /** Why. */
    REASON,
    /** The store's revision. */
    REVISION,
    /** Milliseconds that something took. */
    TOOK_MS,
    /** Version of the agent or Envoy. */
    VERSION,
    /** Milliseconds of it until everything was here and on disk. */
    RECEIVED_MS,
    /** Milliseconds of it from the first change to the proof that it works. */
    SWITCH_MS,
    /** How many programs were run for it. */
    COMMANDS,
    /** How much, or how many. */
    COUNT,
    /** What has changed. */
    WHAT,
    /** Who did it. */
    BY
  }

  private final PrintStream out;

  /** A log on this stream. */
  public Log(PrintStream out) {
    this.out = out;
  }

  /** Something happened as it should. */
  public void info(String event, Object... pairs) {
    line("info", event, pairs);
  }

  /** Something is not as it should be, and goes on. */
  public void warn(String event, Object... pairs) {
    line("warn", event, pairs);
  }

  /** Something failed. */
  public void error(String event, Object... pairs) {
    line("error", event, pairs);
  }

  private void line(String level, String event, Object... pairs) {
    StringBuilder line = new StringBuilder(128);
    line.append("time=").append(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    line.append(" level=").append(level).append(" event=").append(event);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      Key key = (Key) pairs[i];
      line.append(' ').append(spelling(key)).append('=').append(value(pairs[i + 1]));
    }
    out.println(line);
  }

  private static String spelling(Key key) {
    return key.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String value(Object value) {
    String text = String.valueOf(value);
    if (!text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c < 127)) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return quoted.append('"').toString();
  }
}
