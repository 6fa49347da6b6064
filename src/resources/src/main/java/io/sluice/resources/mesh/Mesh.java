package io.sluice.resources.mesh;

import io.sluice.resources.Resource;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the dataplanes of one mesh have in common, with the fields of Kuma 2.9 Universal. */
public record Mesh(
    String name,
    SortedMap<String, String> labels,
    @Nullable Mtls mtls,
    @Nullable Tracing tracing,
    @Nullable Logging logging,
    @Nullable MeshMetrics metrics,
    @Nullable MeshNetworking networking,
    @Nullable Routing routing,
    @Nullable Constraints constraints,
    List<String> skipCreatingInitialPolicies,
    @Nullable MeshServices meshServices)
    implements Resource {

  /** The document's {@code type}. */
  public static final String TYPE = "Mesh";

  /** Copies the collections. */
  public Mesh {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    skipCreatingInitialPolicies = List.copyOf(skipCreatingInitialPolicies);
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** Whether connections to destinations outside the mesh pass; absent means they do. */
  public boolean passthrough() {
    return networking == null
        || networking.outbound() == null
        || networking.outbound().passthrough() == null
        || networking.outbound().passthrough();
  }

  /** Settings of mutual TLS. Known, not acted on yet. */
  public record Mtls(
      @Nullable String enabledBackend, List<JsonNode> backends, @Nullable Boolean skipValidation) {}

  /** Tracing backends. Known, not acted on yet. */
  public record Tracing(@Nullable String defaultBackend, List<JsonNode> backends) {}

  /** Logging backends. Known, not acted on yet. */
  public record Logging(@Nullable String defaultBackend, List<JsonNode> backends) {}

  /** Metrics backends. Known, not acted on yet. */
  public record MeshMetrics(@Nullable String enabledBackend, List<JsonNode> backends) {}

  /** What the mesh allows on the network. */
  public record MeshNetworking(@Nullable Outbound outbound) {

    /** Traffic that leaves the mesh. */
    public record Outbound(@Nullable Boolean passthrough) {}
  }

  /** How traffic is routed in the mesh. Known, not acted on yet. */
  public record Routing(
      @Nullable Boolean localityAwareLoadBalancing,
      @Nullable Boolean zoneEgress,
      @Nullable Boolean defaultForbidMeshExternalServiceAccess) {}

  /** Which dataplanes may join. */
  public record Constraints(@Nullable DataplaneProxy dataplaneProxy) {

    /** Every tag set must meet one requirement and no restriction. */
    public record DataplaneProxy(List<Rule> requirements, List<Rule> restrictions) {}

    /** Tags and their values; {@code *} stands for any value that is not empty. */
    public record Rule(SortedMap<String, String> tags) {}
  }

  /** Whether services are resources of their own. Known, not acted on yet. */
  public record MeshServices(@Nullable String mode) {}
}
