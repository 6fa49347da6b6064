package io.sluice.controlplane.delivery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.Accepted;
import io.sluice.controlplane.http.Problem;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.security.AgentAuthentication;
import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.controlplane.store.WriteResult;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.Variables;
import io.sluice.resources.validation.InvalidResource;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Lets an agent register its own Dataplane from the operator's YAML and its host's variables. */
@Hidden
@RestController
class OwnDataplane {

  private static final String VARIABLE = "var.";

  private final ResourceStore store;
  private final MeshViews views;

  OwnDataplane(ResourceStore store, MeshViews views) {
    this.store = store;
    this.views = views;
  }

  @PutMapping("/agent/v1/dataplane")
  ResponseEntity<Map<String, List<String>>> register(
      @RequestAttribute(AgentAuthentication.CALLER) DataplaneToken caller,
      @RequestParam String mesh,
      @RequestParam String name,
      HttpServletRequest request) {
    requireOwn(caller, mesh, name);
    ObjectNode document = substituted(RequestDocuments.one(request), variables(request));
    requireOwn(caller, document.path("mesh").asString(mesh), document.path("name").asString(name));
    Accepted<Dataplane> accepted =
        ResourceDocuments.dataplane(document, mesh, Optional.of(name), views.policies(mesh));
    WriteResult result = write(accepted.resource());
    HttpStatus status =
        result.outcome() == WriteResult.Outcome.CREATED ? HttpStatus.CREATED : HttpStatus.OK;
    return ResponseEntity.status(status)
        .body(accepted.warnings().isEmpty() ? Map.of() : Map.of("warnings", accepted.warnings()));
  }

  private WriteResult write(Dataplane dataplane) {
    try {
      return store
          .write(
              List.of(
                  new Write.Put(dataplane, new Write.Precondition.Anything(), Optional.empty())),
              Author.agentOf(ResourceKey.of(dataplane)))
          .getFirst();
    } catch (StoreException.AddressClaimed e) {
      // An agent can't take over what another host's dataplane holds: that is for operators.
      throw new ProblemException(
          Problem.of(
              HttpStatus.CONFLICT,
              "Address already claimed",
              "dataplane %s of this mesh is already dialled at %s; give this one another address or port, or have an operator delete that dataplane if its host is gone"
                  .formatted(e.holder(), e.address()),
              "networking.inbound",
              e.address() + " is the address of dataplane " + e.holder()));
    }
  }

  private static ObjectNode substituted(ObjectNode document, Map<String, String> variables) {
    try {
      return Variables.substitute(document, variables);
    } catch (InvalidResource e) {
      throw ResourceDocuments.invalid(e.violations());
    }
  }

  private static Map<String, String> variables(HttpServletRequest request) {
    Map<String, String> variables = new HashMap<>();
    request
        .getParameterMap()
        .forEach(
            (parameter, values) -> {
              if (parameter.startsWith(VARIABLE)) {
                variables.put(parameter.substring(VARIABLE.length()), values[0]);
              }
            });
    return variables;
  }

  private static void requireOwn(DataplaneToken caller, String mesh, String name) {
    if (!caller.mesh().equals(mesh) || !caller.name().equals(name)) {
      throw new ProblemException(
          Problem.of(
              HttpStatus.FORBIDDEN,
              "Not your dataplane",
              "the token opens dataplane "
                  + caller.name()
                  + " of mesh "
                  + caller.mesh()
                  + " and not "
                  + name
                  + " of mesh "
                  + mesh));
    }
  }
}
