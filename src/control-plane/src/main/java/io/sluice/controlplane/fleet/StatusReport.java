package io.sluice.controlplane.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.rendering.bundle.Digest;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says about its host; docs/agent-protocol.md has the meaning of each value.
 *
 * @param applied the digest of the bundle in force
 * @param rejected the digest of the bundle that was refused
 * @param rejectedReason why, one line
 * @param drift absent while no other program was seen to change our rules
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusReport(
    @Nullable String applied,
    @Nullable String rejected,
    @Nullable String rejectedReason,
    @Nullable String state,
    @Nullable String agentVersion,
    @Nullable String envoyVersion,
    @Nullable String envoyState,
    @Nullable String mode,
    @Nullable String hostName,
    @Nullable String hostKernel,
    @Nullable String hostBackend,
    @Nullable Drift drift) {

  private static final String STOPPING = "stopping";
  private static final int LONGEST_VALUE = 1024;

  /** What is known of a host that has polled but not reported yet. */
  static final StatusReport NOTHING =
      new StatusReport(null, null, null, null, null, null, null, null, null, null, null, null);

  /** Reads the properties of a report. Unknown keys are ignored, long values are cut. */
  public static StatusReport parse(byte[] body) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(body, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest("body", "must be Java properties: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("a string refused to be read", e);
    }
    return new StatusReport(
        digest(properties, "applied"),
        digest(properties, "rejected"),
        value(properties, "rejected.reason"),
        value(properties, "state"),
        value(properties, "agent.version"),
        value(properties, "envoy.version"),
        value(properties, "envoy.state"),
        value(properties, "mode"),
        value(properties, "host.name"),
        value(properties, "host.kernel"),
        value(properties, "host.backend"),
        drift(properties));
  }

  /** Whether the agent ends after it. */
  public boolean saysGoodbye() {
    return STOPPING.equals(state);
  }

  /**
   * This report with the digest that a poll has named as applied. A host that runs nothing names
   * the bundle that it refused alone, which stands in the same place.
   */
  StatusReport applying(Optional<Digest> digest) {
    return new StatusReport(
        digest.map(Digest::hex).filter(hex -> !hex.equals(rejected)).orElse(applied),
        rejected,
        rejectedReason,
        state,
        agentVersion,
        envoyVersion,
        envoyState,
        mode,
        hostName,
        hostKernel,
        hostBackend,
        drift);
  }

  /**
   * How another program last changed our rules.
   *
   * @param at when, as the host's clock says
   * @param by the program, where the kernel tells
   * @param count how often since the agent started
   * @param state {@code standing}, {@code repaired}, {@code fighting} or {@code over}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Drift(
      @Nullable String at,
      @Nullable String what,
      @Nullable String by,
      long count,
      @Nullable String state) {}

  private static @Nullable Drift drift(Properties properties) {
    String count = value(properties, "drift.count");
    if (count == null) {
      return null;
    }
    if (!count.matches("[0-9]{1,18}")) {
      throw ProblemException.badRequest("drift.count", "must be a number");
    }
    return new Drift(
        value(properties, "drift.at"),
        value(properties, "drift.what"),
        value(properties, "drift.by"),
        Long.parseLong(count),
        value(properties, "drift.state"));
  }

  private static @Nullable String digest(Properties properties, String key) {
    String value = value(properties, key);
    if (value == null) {
      return null;
    }
    try {
      return new Digest(value).hex();
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest(key, "must be a SHA-256 in lower-case hex");
    }
  }

  /** Control characters would break log lines, and PostgreSQL holds no NUL. */
  private static @Nullable String value(Properties properties, String key) {
    String value = properties.getProperty(key, "").replaceAll("\\p{Cntrl}", " ").strip();
    return value.isEmpty() ? null : value.substring(0, Math.min(value.length(), LONGEST_VALUE));
  }
}
