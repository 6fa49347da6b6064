package io.sluice.controlplane.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.rendering.bundle.Digest;
import java.util.Optional;

/** How far a host is from what it should run. */
public enum HostState {
  /** It runs what it should. */
  @JsonProperty("in-sync")
  IN_SYNC,
  /** It is connected and does not run it yet. */
  @JsonProperty("pending")
  PENDING,
  /** It tried and refused it. */
  @JsonProperty("rejected")
  REJECTED,
  /** Its agent does not poll any more, or has said that it ends. */
  @JsonProperty("offline")
  OFFLINE,
  /** No agent has ever polled. */
  @JsonProperty("never-seen")
  NEVER_SEEN,
  /** No bundle can be made of its dataplane. */
  @JsonProperty("unrenderable")
  UNRENDERABLE;

  /** The state of a host that should run a bundle. */
  public static HostState of(Digest desired, Optional<HostStatus> status) {
    if (status.isEmpty()) {
      return NEVER_SEEN;
    }
    StatusReport report = status.get().report();
    if (!status.get().isOnline()) {
      return OFFLINE;
    }
    if (desired.hex().equals(report.applied())) {
      return IN_SYNC;
    }
    return desired.hex().equals(report.rejected()) ? REJECTED : PENDING;
  }
}
