package io.sluice.rendering.envoy;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;

/**
 * How long a proxy waits, as in Kuma without a policy.
 *
 * @param connect for a connection to be made
 * @param idle how long a connection may carry nothing
 * @param request for a whole answer; zero is for ever
 * @param streamIdle how long a request or its answer may stall
 */
record Timeouts(Duration connect, Duration idle, Duration request, Duration streamIdle) {

  static final Timeouts INBOUND =
      new Timeouts(
          Durations.fromSeconds(10),
          Durations.fromHours(2),
          Durations.ZERO,
          Durations.fromHours(1));

  static final Timeouts OUTBOUND =
      new Timeouts(
          Durations.fromSeconds(5),
          Durations.fromHours(1),
          Durations.fromSeconds(15),
          Durations.fromMinutes(30));
}
