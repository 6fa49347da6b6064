package io.sluice.controlplane.http;

import io.sluice.controlplane.http.Problem.InvalidParameter;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.resources.Resource;
import io.sluice.resources.codec.ReadResult;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.codec.ResourceWriter;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import io.sluice.resources.validation.Warning;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents as resources and back, with what the path of a request says about them. */
public final class ResourceDocuments {

  private ResourceDocuments() {}

  /**
   * A Mesh.
   *
   * @param name as in the path, where it has one
   */
  public static Accepted<Mesh> mesh(ObjectNode document, Optional<String> name) {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("type", Mesh.TYPE);
    name.ifPresent(text -> expected.put("name", text));
    return read(document, expected, Mesh.class, List.of());
  }

  /**
   * A Dataplane of a mesh.
   *
   * @param name as in the path, where it has one
   * @param policies the mesh's, as far as they are known
   */
  public static Accepted<Dataplane> dataplane(
      ObjectNode document,
      String mesh,
      Optional<String> name,
      Collection<MeshTransparentProxy> policies) {
    return read(document, inMesh(Dataplane.TYPE, mesh, name), Dataplane.class, policies);
  }

  /**
   * A MeshTransparentProxy of a mesh.
   *
   * @param name as in the path, where it has one
   */
  public static Accepted<MeshTransparentProxy> transparentProxy(
      ObjectNode document, String mesh, Optional<String> name) {
    return read(
        document,
        inMesh(MeshTransparentProxy.TYPE, mesh, name),
        MeshTransparentProxy.class,
        List.of());
  }

  /**
   * A VirtualOutbound of a mesh.
   *
   * @param name as in the path, where it has one
   */
  public static Accepted<VirtualOutbound> virtualOutbound(
      ObjectNode document, String mesh, Optional<String> name) {
    return read(
        document, inMesh(VirtualOutbound.TYPE, mesh, name), VirtualOutbound.class, List.of());
  }

  /**
   * A document of any type.
   *
   * @param policies those of a mesh, as far as they are known
   * @throws InvalidResource with everything that is wrong with it
   */
  public static Accepted<Resource> any(
      ObjectNode document, Function<String, Collection<MeshTransparentProxy>> policies) {
    ReadResult result =
        ResourceReader.read(document, policies.apply(document.path("mesh").asString("")));
    return new Accepted<>(result.resource(), texts(result.warnings()));
  }

  /** A stored resource as clients see it: flat, with its times after its name. */
  public static ObjectNode tree(StoredResource stored) {
    return ResourceWriter.tree(stored.resource(), stored.created(), stored.modified());
  }

  /** The answer to documents that describe no valid resource. */
  public static ProblemException invalid(List<Violation> violations) {
    String detail =
        violations.size() == 1
            ? violations.getFirst().toString()
            : violations.size() + " fields are invalid";
    return new ProblemException(
        new Problem(
            "Resource is not valid",
            HttpStatus.BAD_REQUEST.value(),
            detail,
            violations.stream()
                .map(violation -> new InvalidParameter(violation.field(), violation.reason()))
                .toList(),
            null,
            null));
  }

  /** What the path says is put in where the body is silent; where they differ both are told. */
  private static <R extends Resource> Accepted<R> read(
      ObjectNode document,
      Map<String, String> expected,
      Class<R> type,
      Collection<MeshTransparentProxy> policies) {
    List<Violation> violations = new ArrayList<>();
    ObjectNode completed = document.deepCopy();
    expected.forEach(
        (field, value) -> {
          JsonNode given = document.path(field);
          if (!given.isMissingNode()
              && !given.isNull()
              && !(given.isString() && given.stringValue().equals(value))) {
            violations.add(
                new Violation(field, "must be \"" + value + "\" as in the path, not " + given));
          }
          completed.put(field, value);
        });
    try {
      ReadResult result = ResourceReader.read(completed, policies);
      if (violations.isEmpty()) {
        return new Accepted<>(type.cast(result.resource()), texts(result.warnings()));
      }
    } catch (InvalidResource e) {
      violations.addAll(e.violations());
    }
    throw invalid(violations);
  }

  private static Map<String, String> inMesh(String type, String mesh, Optional<String> name) {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("type", type);
    expected.put("mesh", mesh);
    name.ifPresent(text -> expected.put("name", text));
    return expected;
  }

  private static List<String> texts(List<Warning> warnings) {
    return warnings.stream().map(Warning::toString).collect(Collectors.toList());
  }
}
