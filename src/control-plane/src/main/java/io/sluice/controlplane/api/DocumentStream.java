package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.http.Accepted;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.http.StoreProblems;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoreException;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.Document;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.policy.Policy;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The resources that a request's body describes, in its order. */
record DocumentStream(List<Accepted<Resource>> documents) {

  DocumentStream {
    documents = List.copyOf(documents);
  }

  /**
   * Reads all documents; what is wrong in any of them is told at once.
   *
   * @param views what is known of the policies that documents have to go with
   */
  static DocumentStream read(HttpServletRequest request, MeshViews views) {
    List<Accepted<Resource>> documents = new ArrayList<>();
    List<Violation> violations = new ArrayList<>();
    Set<ResourceKey> seen = new HashSet<>();
    List<Document> stream = RequestDocuments.stream(request);
    if (stream.isEmpty()) {
      violations.add(new Violation("", "the body has no documents"));
    }
    for (Document document : stream) {
      String path = "documents[" + (document.number() - 1) + "]";
      try {
        Accepted<Resource> accepted = ResourceDocuments.any(document.tree(), views::policies);
        documents.add(accepted);
        if (!seen.add(ResourceKey.of(accepted.resource()))) {
          violations.add(
              new Violation(
                  path,
                  "describes "
                      + accepted.resource().type()
                      + " "
                      + accepted.resource().name()
                      + " a second time"));
        }
      } catch (InvalidResource e) {
        e.violations()
            .forEach(
                each ->
                    violations.add(
                        new Violation(
                            each.field().isEmpty() ? path : path + "." + each.field(),
                            each.reason())));
      }
    }
    if (!violations.isEmpty()) {
      throw ResourceDocuments.invalid(violations);
    }
    return new DocumentStream(documents);
  }

  boolean describes(String name) {
    return documents.stream().anyMatch(document -> document.resource().name().equals(name));
  }

  /**
   * The writes that put all of it into the store, in an order that works.
   *
   * @param replaces the name of a dataplane whose addresses those of the stream may take
   */
  List<Write> writes(Optional<String> replaces) {
    return documents.stream()
        .map(Accepted::resource)
        .sorted(Comparator.comparingInt(DocumentStream::turn))
        .<Write>map(
            resource ->
                new Write.Put(
                    resource,
                    new Write.Precondition.Anything(),
                    resource instanceof Dataplane ? replaces : Optional.empty()))
        .toList();
  }

  /** What the store refuses, with the document that it refuses. */
  RuntimeException refused(StoreException e) {
    List<ResourceKey> keys =
        documents.stream().map(each -> ResourceKey.of(each.resource())).toList();
    int index = keys.indexOf(e.key());
    return index < 0
        ? e
        : new ProblemException(
            StoreProblems.of(e)
                .within("documents[" + index + "]", e.key().type() + " " + e.key().name()));
  }

  /** A mesh is there before what is in it, and a policy before the dataplanes that it selects. */
  private static int turn(Resource resource) {
    return switch (resource) {
      case Mesh _ -> 0;
      case Policy _ -> 1;
      default -> 2;
    };
  }
}
