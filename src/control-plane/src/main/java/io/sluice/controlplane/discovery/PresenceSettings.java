package io.sluice.controlplane.discovery;

import io.sluice.controlplane.start.StartFailure;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a dataplane counts as away.
 *
 * @param timeout how long its agent may not be heard; a waiting poll is answered after at most a
 *     third of it
 * @param collectAfter how long it may be away before the dataplane is deleted
 */
@ConfigurationProperties("sluice.presence")
public record PresenceSettings(
    @DefaultValue("30s") Duration timeout, @DefaultValue("72h") Duration collectAfter) {

  private static final Duration ASKING = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Refuses what could not work. */
  public PresenceSettings {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new StartFailure(
          "sluice.presence.timeout is " + timeout + ".", "Give a duration from 3s to 1h.");
    }
    if (collectAfter.compareTo(timeout) < 0) {
      throw new StartFailure(
          "sluice.presence.collect-after is " + collectAfter + ".",
          "Give a duration that is not shorter than sluice.presence.timeout, which is "
              + timeout
              + ", such as 72h.");
    }
  }

  /** When an agent is missed: the timeout without the time in which replicas ask each other. */
  Duration missedAfter() {
    Duration share = timeout.dividedBy(6);
    return timeout.minus(share.compareTo(ASKING) < 0 ? share : ASKING);
  }

  /** The longest that a poll may wait, so that each agent is heard often enough. */
  public Duration longestWait() {
    return timeout.dividedBy(3);
  }
}
