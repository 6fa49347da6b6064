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
  private static final int ITS_SHARE = 6;
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

  /**
   * When an agent is missed: the timeout without the time in which replicas ask each other, or a
   * part of it where the timeout is short. That part is no longer than {@link Watch#GRACE}, so that
   * nobody leaves before the timeout is over.
   */
  Duration missedAfter() {
    Duration some = shorter(timeout.dividedBy(3), Watch.GRACE);
    Duration share = shorter(timeout.dividedBy(ITS_SHARE), ASKING);
    return timeout.minus(share.compareTo(some) < 0 ? some : share);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The longest that a poll may wait, so that each agent is heard often enough. */
  public Duration longestWait() {
    return timeout.dividedBy(3);
  }
}
