package io.sluice.controlplane.api;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourcePage;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.policy.Selection;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Inspection", description = "Kuma's views of dataplanes and meshes, for kumactl.")
@RestController
class PolicyController {

  private static final PoliciesAnswer KNOWN =
      new PoliciesAnswer(
          List.of(
              new PolicyType(
                  MeshTransparentProxy.TYPE,
                  "meshtransparentproxies",
                  "Mesh Transparent Proxy",
                  "Mesh Transparent Proxies",
                  false,
                  new TargetRefs(true, false, false)),
              new PolicyType(
                  VirtualOutbound.TYPE,
                  "virtual-outbounds",
                  "Virtual Outbound",
                  "Virtual Outbounds",
                  false,
                  new TargetRefs(false, false, false))));

  private final ResourceReads reads;

  PolicyController(ResourceReads reads) {
    this.reads = reads;
  }

  /** The types of policies. */
  @Schema(name = "PolicyTypes", description = "The types of policies, ordered by name.")
  record PoliciesAnswer(List<PolicyType> policies) {}

  /** One type. */
  @Schema(name = "PolicyType", description = "A type of policy, with Kuma's fields.")
  record PolicyType(
      @Schema(example = "MeshTransparentProxy") String name,
      @Schema(description = "Under `/meshes/{mesh}/`", example = "meshtransparentproxies")
          String path,
      String singularDisplayName,
      String pluralDisplayName,
      boolean readOnly,
      TargetRefs policy) {}

  /** Where targetRefs stand. */
  @Schema(name = "PolicyTargetRefs", description = "Where a policy of the type has targetRefs.")
  record TargetRefs(boolean isTargetRef, boolean hasToTargetRef, boolean hasFromTargetRef) {}

  /** Who is selected. */
  @Schema(name = "ResourceReference", description = "A resource by its names.")
  record Selected(@Schema(example = "Dataplane") String type, String mesh, String name) {}

  @Operation(summary = "List the types of policies")
  @GetMapping("/policies")
  PoliciesAnswer types() {
    return KNOWN;
  }

  @Operation(
      summary = "List the dataplanes that a MeshTransparentProxy selects",
      description =
          "A page of the mesh's dataplanes is looked at, and those are left out that the policy"
              + " does not select: a page may have fewer items than `size`, and `total` counts all"
              + " dataplanes of the mesh. A policy with `kuma.io/effect: shadow` selects nobody.")
  @GetMapping("/meshes/{mesh}/meshtransparentproxies/{name}/_resources/dataplanes")
  ListAnswer<Selected> selected(
      HttpServletRequest request,
      @PathVariable String mesh,
      @PathVariable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    MeshTransparentProxy policy =
        (MeshTransparentProxy) reads.require(ResourceKey.transparentProxy(mesh, name)).resource();
    Page page = Page.of(size, offset, Dataplane.TYPE);
    ResourcePage dataplanes =
        reads.page(
            new ResourceQuery(
                Dataplane.TYPE,
                Optional.of(mesh),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                page.size(),
                page.after()));
    return ListAnswer.of(
        request,
        dataplanes.total(),
        dataplanes.items().stream()
            .filter(row -> Selection.selects(policy, (Dataplane) row.resource()))
            .map(StoredResource::key)
            .map(key -> new Selected(key.type(), key.mesh(), key.name()))
            .toList(),
        ResourceReads.next(dataplanes));
  }
}
