package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import java.time.Instant;

/**
 * A resource as it is in the database.
 *
 * @param revision the number of the write that made it so, unique over all resources and all time;
 *     the entity tag of the API
 */
public record StoredResource(
    ResourceKey key, Resource resource, long revision, Instant created, Instant modified) {}
