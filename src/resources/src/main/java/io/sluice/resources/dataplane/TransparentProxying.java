package io.sluice.resources.dataplane;

import io.sluice.resources.shape.NotActedOn;
import io.sluice.resources.shape.ZeroIsValue;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the host's traffic is captured.
 *
 * @param redirectPortInbound where the kernel sends inbound connections; 0 in a document is absence
 * @param redirectPortOutbound where the kernel sends outbound connections; 0 in a document is
 *     absence
 * @param ipFamilyMode which families are captured; Kuma's {@code UnSpecified} is absence
 * @param directAccessServices services whose dataplanes are reached by their own addresses; {@code
 *     *} stands for all
 * @param reachableServices the services that are reached by name; empty means all
 */
public record TransparentProxying(
    @Nullable Integer redirectPortInbound,
    @Nullable Integer redirectPortOutbound,
    @Nullable IpFamilyMode ipFamilyMode,
    List<String> directAccessServices,
    List<String> reachableServices,
    @NotActedOn(
            "there are no MeshService, MeshExternalService or MeshMultiZoneService resources yet")
        @Nullable ReachableBackends reachableBackends) {

  /** Copies the lists. */
  public TransparentProxying {
    directAccessServices = List.copyOf(directAccessServices);
    reachableServices = List.copyOf(reachableServices);
  }

  /** Whether both redirect ports are given, which is what makes a dataplane transparent. */
  public boolean redirects() {
    return redirectPortInbound != null && redirectPortOutbound != null;
  }

  /** The real service resources that may be reached. Present but empty means none. */
  public record ReachableBackends(List<Ref> refs) {

    /** Copies the list. */
    public ReachableBackends {
      refs = List.copyOf(refs);
    }

    /** One or, with labels, several service resources. */
    public record Ref(
        String kind,
        @Nullable String name,
        @Nullable String namespace,
        @ZeroIsValue @Nullable Integer port,
        SortedMap<String, String> labels) {

      /** Copies the labels, sorted. */
      public Ref {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      }
    }
  }
}
