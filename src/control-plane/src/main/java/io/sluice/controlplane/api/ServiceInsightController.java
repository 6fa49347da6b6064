package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.controlplane.http.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Inspection")
@RestController
@RequestMapping("/meshes/{mesh}/service-insights")
class ServiceInsightController {

  private final ResourceReads reads;
  private final ServiceCounts counts;

  ServiceInsightController(ResourceReads reads, ServiceCounts counts) {
    this.reads = reads;
    this.counts = counts;
  }

  /** A service in figures. */
  @Schema(name = "ServiceInsight", description = "A service in figures.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ServiceInsight(
      @Schema(example = "ServiceOverview") String type,
      String mesh,
      String name,
      @Schema(description = "When the first of its dataplanes came") Instant creationTime,
      @Schema(description = "When one of its dataplanes changed last") Instant modificationTime,
      @Schema(
              description =
                  "internal if any inbound offers it, else gateway_delegated or gateway_builtin",
              example = "internal")
          String serviceType,
      @Schema(
              description =
                  "Absent for what has no name of its own, such as a gateway, or lost its port 80",
              example = "backend.mesh:80")
          @Nullable String addressPort,
      @Schema(
              description =
                  "online: all its dataplanes take traffic, or of gateways have an agent that is"
                      + " heard; partially_degraded: some; offline: none",
              example = "online")
          String status,
      MeshInsightController.DataplaneCounts dataplanes) {}

  @Operation(
      summary = "List services in figures",
      description = "What kumactl inspect services shows.")
  @GetMapping
  ListAnswer<ServiceInsight> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    reads.requireMesh(mesh);
    return InMemoryPage.of(
            Page.of(size, offset, "Service"),
            mesh,
            name,
            counts.of(mesh).values(),
            ServiceInsight::name)
        .answer(request, insight -> insight);
  }

  @Operation(summary = "Read a service in figures")
  @GetMapping("/{service}")
  ServiceInsight one(@PathVariable String mesh, @PathVariable String service) {
    reads.requireMesh(mesh);
    ServiceInsight insight = counts.of(mesh).get(service);
    if (insight == null) {
      throw ProblemException.notFound(
          "Service not found",
          "no dataplane in mesh " + mesh + " has the tag kuma.io/service: " + service);
    }
    return insight;
  }
}
