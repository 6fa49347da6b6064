package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.api.MeshInsightController.DataplaneCounts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A service as operators see it. */
@Schema(
    name = "Service",
    description = "What inbounds, and gateways, with one value of kuma.io/service stand for.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ServiceAnswer(
    String mesh,
    String name,
    @Schema(
            description =
                "internal if any inbound offers it, else gateway_delegated or gateway_builtin",
            example = "internal")
        String serviceType,
    @Schema(
            description = "What its declared inbounds have in common, ready or not",
            example = "http")
        String protocol,
    @Schema(description = "How many of its endpoints take traffic") long ready,
    List<EndpointAnswer> endpoints,
    @Schema(description = "The gateways that are called so; nobody dials them")
        List<GatewayAnswer> gateways,
    @Schema(description = "Its dataplanes in figures, gateways included, as in Kuma's insights")
        DataplaneCounts dataplanes,
    @Schema(description = "Why it has neither names nor endpoints; absent for one with inbounds")
        @Nullable String nameless,
    @Schema(description = "Under which names it is reached") List<ServiceName> names,
    Reachable reachableBy) {

  /** An inbound that offers the service. */
  @Schema(name = "ServiceEndpoint", description = "An inbound that offers the service.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EndpointAnswer(
      String dataplane,
      @Schema(description = "What others dial; absent while a name has no known address")
          @Nullable String address,
      int port,
      SortedMap<String, String> tags,
      boolean ready,
      @Schema(
              description =
                  "Why it takes no traffic, or takes it though its agent is not heard; empty"
                      + " otherwise")
          List<String> reasons) {}

  /** A gateway that is called like the service. */
  @Schema(name = "ServiceGateway", description = "A gateway that is called like the service.")
  record GatewayAnswer(
      String dataplane,
      @Schema(description = "gateway_delegated or gateway_builtin", example = "gateway_delegated")
          String type,
      SortedMap<String, String> tags,
      @Schema(description = "Whether its agent is heard and its Envoy runs") boolean online,
      @Schema(description = "Why it is not online; empty otherwise") List<String> reasons) {}

  /** A name of the service. */
  @Schema(name = "ServiceName")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ServiceName(
      @Schema(example = "backend.mesh") String host,
      @Schema(example = "80") int port,
      @Schema(description = "Absent until addresses are given to the host") @Nullable String ipv4,
      @Nullable String ipv6,
      @Schema(description = "Whether another destination has this host and port instead")
          boolean lost) {}

  /** Who can reach the service. */
  @Schema(
      name = "ServiceReachability",
      description = "The dataplanes that can reach it by name or by an explicit outbound.")
  record Reachable(
      long total, @Schema(description = "The first 100 of them, by name") List<String> first) {}
}
