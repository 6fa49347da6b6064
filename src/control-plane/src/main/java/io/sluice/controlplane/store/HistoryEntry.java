package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * One write of the past.
 *
 * @param resource what was written, as readable today; empty for a deletion
 */
public record HistoryEntry(
    long revision,
    Instant when,
    Author who,
    WriteResult.Outcome what,
    ResourceKey key,
    Optional<Resource> resource) {}
