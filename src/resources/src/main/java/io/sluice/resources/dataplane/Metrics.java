package io.sluice.resources.dataplane;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A metrics backend of this dataplane, in the form that Mesh has too. Known, not acted on yet. */
public record Metrics(@Nullable String name, @Nullable String type, @Nullable JsonNode conf) {}
