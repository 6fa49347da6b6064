package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Services", description = "What a mesh offers, and under which names.")
@RestController
@RequestMapping("/meshes/{mesh}/services")
class ServiceController {

  private final ResourceReads reads;
  private final MeshViews views;
  private final ServiceViews services;

  ServiceController(ResourceReads reads, MeshViews views, ServiceViews services) {
    this.reads = reads;
    this.views = views;
    this.services = services;
  }

  @Operation(
      summary = "List the services of a mesh",
      description =
          "Their endpoints, which of them take traffic and why the others do not, their names and"
              + " addresses, who can reach them, and the gateways that are called so. As this"
              + " control plane renders it: a fraction of a second behind the database.")
  @GetMapping
  ListAnswer<ServiceAnswer> list(
      HttpServletRequest request,
      @PathVariable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = Page.DEFAULT) int size,
      @RequestParam(required = false) @Nullable String offset) {
    reads.requireMesh(mesh);
    Reached reached = services.reached(mesh);
    Published published = Published.of(views.catalogue(mesh).names());
    return InMemoryPage.of(
            Page.of(size, offset, "Service"),
            mesh,
            name,
            services.called(mesh).values(),
            ServiceViews.Called::name)
        .answer(request, called -> services.answer(mesh, called, published, reached));
  }

  @Operation(summary = "Read a service of a mesh")
  @GetMapping("/{service}")
  ServiceAnswer one(@PathVariable String mesh, @PathVariable String service) {
    reads.requireMesh(mesh);
    ServiceViews.Called called = services.called(mesh).get(service);
    if (called == null) {
      throw ProblemException.notFound(
          "Service not found",
          "no dataplane in mesh " + mesh + " has the tag kuma.io/service: " + service);
    }
    return services.answer(
        mesh, called, Published.of(views.catalogue(mesh).names()), services.reached(mesh));
  }
}
