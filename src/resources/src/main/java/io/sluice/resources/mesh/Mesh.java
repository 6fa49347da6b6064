package io.sluice.resources.mesh;

import io.sluice.resources.Resource;
import io.sluice.resources.shape.NotActedOn;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the dataplanes of one mesh have in common, with the fields of Kuma 2.9 Universal. */
public record Mesh(
    String name,
    SortedMap<String, String> labels,
    @NotActedOn("traffic between dataplanes is not encrypted") @Nullable Mtls mtls,
    @NotActedOn("nothing is traced") @Nullable Tracing tracing,
    @NotActedOn("no access logs are written") @Nullable Logging logging,
    @NotActedOn("no metrics are offered for scraping") @Nullable MeshMetrics metrics,
    @Nullable MeshNetworking networking,
    @NotActedOn("all endpoints of a service are balanced alike, without zones")
        @Nullable Routing routing,
    @Nullable Constraints constraints,
    @NotActedOn("no policies are created with a mesh") List<String> skipCreatingInitialPolicies,
    @NotActedOn("there are no MeshService resources yet") @Nullable MeshServices meshServices)
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

  /** What the mesh allows on the network. */
  public record MeshNetworking(@Nullable Outbound outbound) {

    /** Traffic that leaves the mesh. */
    public record Outbound(@Nullable Boolean passthrough) {}
  }

  /** How traffic is routed in the mesh. */
  public record Routing(
      @Nullable Boolean localityAwareLoadBalancing,
      @Nullable Boolean zoneEgress,
      @Nullable Boolean defaultForbidMeshExternalServiceAccess) {}
}
