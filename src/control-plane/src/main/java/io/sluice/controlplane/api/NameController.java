package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.changes.MeshViews;
import io.sluice.rendering.services.Claim;
import io.sluice.rendering.services.Name;
import io.sluice.rendering.services.Names;
import io.sluice.rendering.services.Origin;
import io.sluice.resources.discovery.VirtualAddress;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Services")
@RestController
class NameController {

  private static final int SHOWN = 100;

  private final ResourceReads reads;
  private final MeshViews views;

  NameController(ResourceReads reads, MeshViews views) {
    this.reads = reads;
    this.views = views;
  }

  /** A page of names, and who gets none. */
  @Schema(name = "NameList")
  record NamesAnswer(
      @Schema(description = "How many there are in all pages", example = "1") long total,
      @Schema(description = "This page, ordered by host") List<NameAnswer> items,
      @Schema(description = "Where the next page is, null on the last one") @Nullable String next,
      @Schema(description = "How many inbounds get no name that somebody would give them")
          long skippedTotal,
      @Schema(description = "The first 100 of these") List<SkippedAnswer> skipped) {}

  /** A name. */
  @Schema(name = "MeshName", description = "A name that the mesh wants to have.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NameAnswer(
      @Schema(example = "backend.mesh") String host,
      @Schema(description = "Absent until addresses are given to it", example = "240.0.0.1")
          @Nullable String ipv4,
      @Schema(example = "fd53:6c75:6963:6500::1") @Nullable String ipv6,
      List<PortAnswer> ports) {}

  /** A port of a name. */
  @Schema(name = "MeshNamePort", description = "Where a port of a name leads.")
  record PortAnswer(
      @Schema(example = "80") int port,
      Target leadsTo,
      @Schema(description = "Who wanted it to lead elsewhere, the next to win first")
          List<Target> lost) {}

  /** A destination and who says so. */
  @Schema(name = "MeshNameTarget", description = "A destination, and who wants it.")
  record Target(
      @Schema(description = "What its endpoints carry") SortedMap<String, String> tags,
      @Schema(
              description = "A VirtualOutbound, or that each service has names by default",
              example = "VirtualOutbound versions")
          String origin) {}

  /** An inbound without a name. */
  @Schema(name = "NamelessInbound", description = "An inbound that gets no name.")
  record SkippedAnswer(
      String dataplane,
      @Schema(example = "10.0.0.1:8080") String inbound,
      @Schema(description = "Who would give it one") String origin,
      String reason) {}

  @Operation(
      summary = "List the names of a mesh",
      description =
          "Each host with its virtual addresses and where its ports lead, who lost a port to whom,"
              + " and inbounds that get no name for want of a tag.")
  @GetMapping("/meshes/{mesh}/names")
  NamesAnswer list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    reads.requireMesh(mesh);
    Names names = views.catalogue(mesh).names();
    ListAnswer<NameAnswer> page =
        InMemoryPage.of(Page.of(size, offset, "Name"), mesh, name, names.names(), Name::host)
            .answer(request, NameController::answer);
    return new NamesAnswer(
        page.total(),
        page.items(),
        page.next(),
        names.skipped().size(),
        names.skipped().stream().limit(SHOWN).map(NameController::answer).toList());
  }

  private static NameAnswer answer(Name name) {
    return new NameAnswer(
        name.host(),
        name.address().map(VirtualAddress::ipv4).map(Object::toString).orElse(null),
        name.address().map(VirtualAddress::ipv6).map(Object::toString).orElse(null),
        name.ports().stream()
            .map(
                port ->
                    new PortAnswer(
                        port.port(),
                        target(port.winner()),
                        port.losers().stream().map(NameController::target).toList()))
            .toList());
  }

  private static SkippedAnswer answer(Names.Skipped skipped) {
    return new SkippedAnswer(
        skipped.dataplane(),
        skipped.listener().toString(),
        origin(skipped.origin()),
        skipped.reason());
  }

  private static Target target(Claim claim) {
    return new Target(claim.tags(), origin(claim.origin()));
  }

  private static String origin(Origin origin) {
    return switch (origin) {
      case Origin.DefaultName name -> "default name of service " + name.service();
      case Origin.Policy policy -> "VirtualOutbound " + policy.name();
    };
  }
}
