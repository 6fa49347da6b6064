package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.fleet.HostState;
import io.sluice.controlplane.fleet.HostStatus;
import io.sluice.controlplane.fleet.StatusReport;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.bundle.Digest;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Fleet", description = "What hosts should run, and what they do run.")
@RestController
class FleetController {

  private final ResourceReads reads;
  private final MeshViews views;
  private final Bundles bundles;
  private final Fleet fleet;

  FleetController(ResourceReads reads, MeshViews views, Bundles bundles, Fleet fleet) {
    this.reads = reads;
    this.views = views;
    this.bundles = bundles;
    this.fleet = fleet;
  }

  /** One host. */
  @Schema(name = "Host", description = "The host of one dataplane.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record HostAnswer(
      String mesh,
      String name,
      @Schema(
              description =
                  "in-sync: runs what it should; pending: not yet; rejected: it refused it;"
                      + " offline: its agent does not poll; never-seen: it never did;"
                      + " unrenderable: no bundle can be made, `problem` says why")
          HostState state,
      @Schema(description = "The digest of the bundle that it should run") @Nullable String desired,
      @Schema(description = "Why no bundle can be made, if none can") @Nullable String problem,
      @Schema(description = "When its agent began to poll") @Nullable Instant connected,
      @Schema(description = "When its agent was given up") @Nullable Instant disconnected,
      @Schema(description = "When anything of the report changed last") @Nullable Instant changed,
      @Schema(
              description =
                  "Whether rules stand in both of iptables' backends, of which the kernel then"
                      + " obeys both; absent until the agent has told",
              example = "false")
          @Nullable Boolean mixedBackends,
      @Schema(
              description = "What answers captured DNS questions; absent if the host has nothing",
              example = "dnsmasq 2.90")
          @Nullable String resolver,
      @Schema(description = "What its agent says") @Nullable StatusReport report) {}

  @Operation(
      summary = "List all hosts",
      description = "What each should run, what it has acknowledged and how it is.")
  @GetMapping("/fleet")
  ListAnswer<HostAnswer> fleet(
      HttpServletRequest request, @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return hosts(request, filter, Optional.empty());
  }

  @Operation(summary = "List the hosts of a mesh")
  @GetMapping("/meshes/{mesh}/fleet")
  ListAnswer<HostAnswer> fleet(
      HttpServletRequest request,
      @PathVariable String mesh,
      @ParameterObject @ModelAttribute DataplaneFilter filter) {
    return hosts(request, filter, Optional.of(mesh));
  }

  private ListAnswer<HostAnswer> hosts(
      HttpServletRequest request, DataplaneFilter filter, Optional<String> mesh) {
    ResourcePage page = reads.page(filter.query(mesh));
    Map<ResourceKey, HostStatus> statuses =
        fleet.statuses(page.items().stream().map(StoredResource::key).toList());
    Map<String, Mesh> meshes = new HashMap<>();
    Map<String, List<MeshTransparentProxy>> policies = new HashMap<>();
    return ListAnswer.of(
        request,
        page.total(),
        page.items().stream()
            .map(
                row ->
                    host(
                        Inputs.of(
                            meshes.computeIfAbsent(row.key().mesh(), reads::mesh),
                            (Dataplane) row.resource(),
                            policies.computeIfAbsent(row.key().mesh(), reads::policies),
                            views.dataplane(row.key()).flatMap(view -> view.inputs().facts()),
                            views.catalogue(row.key().mesh())),
                        Optional.ofNullable(statuses.get(row.key()))))
            .toList(),
        ResourceReads.next(page));
  }

  private HostAnswer host(Inputs inputs, Optional<HostStatus> status) {
    try {
      Digest desired = bundles.current(inputs).digest();
      return answer(inputs, HostState.of(desired, status), desired.hex(), null, status);
    } catch (UnrenderableException e) {
      return answer(inputs, HostState.UNRENDERABLE, null, e.getMessage(), status);
    }
  }

  private static HostAnswer answer(
      Inputs inputs,
      HostState state,
      @Nullable String desired,
      @Nullable String problem,
      Optional<HostStatus> status) {
    return new HostAnswer(
        inputs.dataplane().mesh(),
        inputs.dataplane().name(),
        state,
        desired,
        problem,
        status.map(HostStatus::connected).orElse(null),
        status.map(HostStatus::disconnected).orElse(null),
        status.map(HostStatus::changed).orElse(null),
        inputs.facts().map(facts -> facts.backendsPopulated().size() > 1).orElse(null),
        inputs.facts().map(HostFacts::resolver).orElse(null),
        status.map(HostStatus::report).orElse(null));
  }
}
