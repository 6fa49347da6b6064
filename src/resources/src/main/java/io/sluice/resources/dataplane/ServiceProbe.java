package io.sluice.resources.dataplane;

import io.sluice.resources.shape.ZeroIsValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connect that tells whether the application takes connections. Absent fields have defaults.
 */
public record ServiceProbe(
    @Nullable Duration interval,
    @Nullable Duration timeout,
    @ZeroIsValue @Nullable Integer unhealthyThreshold,
    @ZeroIsValue @Nullable Integer healthyThreshold,
    @Nullable Tcp tcp) {

  /** The only kind of probe; it has no fields. */
  public record Tcp() {}
}
