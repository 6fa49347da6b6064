package io.sluice.resources.dataplane;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connect that tells whether the application takes connections. Absent fields have defaults.
 */
public record ServiceProbe(
    @Nullable Duration interval,
    @Nullable Duration timeout,
    @Nullable Integer unhealthyThreshold,
    @Nullable Integer healthyThreshold,
    @Nullable Tcp tcp) {

  /** The only kind of probe; it has no fields. */
  public record Tcp() {}
}
