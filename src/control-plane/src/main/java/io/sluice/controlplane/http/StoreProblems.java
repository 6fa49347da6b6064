package io.sluice.controlplane.http;

import io.sluice.controlplane.store.StoreException;
import org.springframework.http.HttpStatus;

/** What clients are told about writes that the store refuses. */
public final class StoreProblems {

  private StoreProblems() {}

  /** The answer to a refused write. */
  public static Problem of(StoreException refused) {
    String message = String.valueOf(refused.getMessage());
    return switch (refused) {
      case StoreException.NotFound e ->
          Problem.of(HttpStatus.NOT_FOUND, "Resource not found", message);
      case StoreException.MeshNotFound e ->
          Problem.of(
              HttpStatus.NOT_FOUND,
              "Mesh not found",
              message,
              "mesh",
              "mesh of name \"" + e.key().mesh() + "\" is not found");
      case StoreException.PreconditionFailed e ->
          Problem.of(HttpStatus.PRECONDITION_FAILED, "Precondition failed", message);
      case StoreException.MeshInUse e ->
          Problem.of(HttpStatus.BAD_REQUEST, "Mesh in use", message, "mesh", message);
      case StoreException.AddressClaimed e ->
          Problem.of(
              HttpStatus.CONFLICT,
              "Address already claimed",
              message
                  + "; give it another address or port, or repeat the request with ?replaces="
                  + e.holder()
                  + " to take the claim over and delete that dataplane",
              "networking.inbound",
              e.address() + " is the address of dataplane " + e.holder());
      case StoreException.CaptureRefused e -> ResourceDocuments.invalid(e.violations()).problem();
      case StoreException.PolicyRefused e ->
          new Problem(
              "Dataplanes would be invalid",
              HttpStatus.BAD_REQUEST.value(),
              message,
              e.violations().stream()
                  .map(each -> new Problem.InvalidParameter(each.field(), each.reason()))
                  .toList(),
              null,
              null);
      case StoreException.MembershipRefused e ->
          Problem.of(
              HttpStatus.BAD_REQUEST, "Not allowed in this mesh", message, "networking", message);
    };
  }
}
