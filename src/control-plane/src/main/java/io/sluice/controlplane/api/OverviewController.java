package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.fleet.HostStatus;
import io.sluice.controlplane.fleet.StatusReport;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.codec.ResourceWriter;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@Tag(name = "Inspection", description = "Kuma's views of dataplanes and meshes, for kumactl.")
@RestController
class OverviewController {

  private final ResourceReads reads;
  private final MeshViews views;
  private final Fleet fleet;

  OverviewController(ResourceReads reads, MeshViews views, Fleet fleet) {
    this.reads = reads;
    this.views = views;
    this.fleet = fleet;
  }

  /** A dataplane and its agent's connection. */
  @Schema(name = "DataplaneOverview", description = "A dataplane and its agent's connection.")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Overview(
      @Schema(example = "DataplaneOverview") String type,
      String mesh,
      String name,
      Instant creationTime,
      Instant modificationTime,
      SortedMap<String, String> labels,
      @Schema(description = "The fields of the Dataplane", implementation = Object.class)
          ObjectNode dataplane,
      @JsonInclude(JsonInclude.Include.ALWAYS) Insight dataplaneInsight,
      @Schema(description = "What Kuma does not have; absent for a host that is not known")
          @Nullable Condition host) {}

  /** What an operator would want to know of a host. */
  @Schema(name = "HostCondition", description = "What an operator would want to know of a host.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Condition(
      @Schema(description = "The digest of the bundle that it refused") @Nullable String rejected,
      @Schema(description = "Why it did") @Nullable String rejectedReason,
      @Schema(description = "How another program last changed our rules")
          StatusReport.@Nullable Drift drift,
      @Schema(description = "Whether rules stand in both of iptables' backends", example = "false")
          @Nullable Boolean mixedBackends,
      @Schema(description = "What answers captured DNS questions", example = "dnsmasq 2.90")
          @Nullable String resolver) {}

  /** What is known of the agent. */
  @Schema(name = "DataplaneInsight", description = "The agent's connections, oldest first.")
  record Insight(List<Subscription> subscriptions) {}

  /** One connection. */
  @Schema(name = "Subscription", description = "One agent's connection.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Subscription(
      String id,
      Instant connectTime,
      @Schema(description = "Absent while the agent polls") @Nullable Instant disconnectTime,
      SubscriptionStatus status,
      Versions version) {}

  /** When the connection last told something. */
  @Schema(name = "SubscriptionStatus")
  record SubscriptionStatus(Instant lastUpdateTime) {}

  /** What runs on the host. */
  @Schema(name = "Versions", description = "What runs on the host. `kumaDp` is Sluice's agent.")
  record Versions(Version kumaDp, Version envoy) {}

  /** A version as text. */
  @Schema(name = "Version")
  record Version(String version) {}

  @Operation(summary = "List dataplanes with their agents' connections")
  @GetMapping({"/meshes/{mesh}/dataplanes/_overview", "/meshes/{mesh}/dataplanes+insights"})
  ListAnswer<Overview> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return overviews(request, filter, Optional.of(mesh));
  }

  @Operation(summary = "List the dataplanes of all meshes with their agents' connections")
  @GetMapping({"/dataplanes/_overview", "/dataplanes+insights"})
  ListAnswer<Overview> listAll(
      HttpServletRequest request, @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return overviews(request, filter, Optional.empty());
  }

  @Operation(summary = "Read a dataplane with its agent's connection")
  @GetMapping({
    "/meshes/{mesh}/dataplanes/{name}/_overview",
    "/meshes/{mesh}/dataplanes+insights/{name}"
  })
  Overview one(@PathVariable String mesh, @PathVariable String name) {
    StoredResource row = reads.require(ResourceKey.dataplane(mesh, name));
    return overview(row, fleet.statuses(List.of(row.key())));
  }

  private ListAnswer<Overview> overviews(
      HttpServletRequest request, DataplaneFilter filter, Optional<String> mesh) {
    ResourcePage page = reads.page(filter.query(mesh));
    Map<ResourceKey, HostStatus> statuses =
        fleet.statuses(page.items().stream().map(StoredResource::key).toList());
    return ListAnswer.of(
        request,
        page.total(),
        page.items().stream().map(row -> overview(row, statuses)).toList(),
        ResourceReads.next(page));
  }

  private Overview overview(StoredResource row, Map<ResourceKey, HostStatus> statuses) {
    HostStatus status = statuses.get(row.key());
    return new Overview(
        "DataplaneOverview",
        row.key().mesh(),
        row.key().name(),
        row.created(),
        row.modified(),
        ((Dataplane) row.resource()).labels(),
        ResourceWriter.spec(row.resource()),
        new Insight(status == null ? List.of() : List.of(subscription(row.key(), status))),
        condition(Optional.ofNullable(status).map(HostStatus::report), facts(row.key())));
  }

  private Optional<HostFacts> facts(ResourceKey dataplane) {
    return views.dataplane(dataplane).flatMap(view -> view.inputs().facts());
  }

  private static @Nullable Condition condition(
      Optional<StatusReport> report, Optional<HostFacts> facts) {
    if (report.isEmpty() && facts.isEmpty()) {
      return null;
    }
    return new Condition(
        report.map(StatusReport::rejected).orElse(null),
        report.map(StatusReport::rejectedReason).orElse(null),
        report.map(StatusReport::drift).orElse(null),
        facts.map(known -> known.backendsPopulated().size() > 1).orElse(null),
        facts.map(HostFacts::resolver).orElse(null));
  }

  private static Subscription subscription(ResourceKey dataplane, HostStatus status) {
    return new Subscription(
        dataplane.mesh() + "/" + dataplane.name() + "@" + status.connected().toEpochMilli(),
        status.connected(),
        status.disconnected(),
        new SubscriptionStatus(status.changed()),
        new Versions(
            new Version(orEmpty(status.report().agentVersion())),
            new Version(orEmpty(status.report().envoyVersion()))));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
