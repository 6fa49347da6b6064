package io.sluice.controlplane.store;

import io.sluice.resources.validation.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** A write or read that the store refuses. Nothing of its transaction has happened. */
public abstract sealed class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ResourceKey key;

  private StoreException(ResourceKey key, String message) {
    super(message);
    this.key = key;
  }

  /** The resource in question. */
  public ResourceKey key() {
    return key;
  }

  /** There is no such resource. */
  public static final class NotFound extends StoreException {
    private static final long serialVersionUID = 1L;

    public NotFound(ResourceKey key) {
      super(key, key.type() + " " + key.name() + " does not exist");
    }
  }

  /** The mesh that the resource names does not exist. */
  public static final class MeshNotFound extends StoreException {
    private static final long serialVersionUID = 1L;

    public MeshNotFound(ResourceKey key) {
      super(key, "mesh " + key.mesh() + " does not exist");
    }
  }

  /** The precondition does not hold. */
  public static final class PreconditionFailed extends StoreException {
    private static final long serialVersionUID = 1L;

    public PreconditionFailed(ResourceKey key, String message) {
      super(key, message);
    }
  }

  /** The mesh still has dataplanes. */
  public static final class MeshInUse extends StoreException {
    private static final long serialVersionUID = 1L;

    public MeshInUse(ResourceKey key, long dataplanes) {
      super(key, "mesh " + key.name() + " still has " + dataplanes + " dataplanes");
    }
  }

  /** Another dataplane of the mesh is dialled at the same address and port. */
  public static final class AddressClaimed extends StoreException {
    private static final long serialVersionUID = 1L;
    private final String address;
    private final String holder;

    public AddressClaimed(ResourceKey key, String address, String holder) {
      super(key, "dataplane " + holder + " is already dialled at " + address);
      this.address = address;
      this.holder = holder;
    }

    /** The address and port that both claim. */
    public String address() {
      return address;
    }

    /** The name of the dataplane that holds the claim. */
    public String holder() {
      return holder;
    }
  }

  /** The dataplane and the policies of its mesh don't go together. */
  public static final class CaptureRefused extends StoreException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public CaptureRefused(ResourceKey key, List<Violation> violations) {
      super(key, violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
      this.violations = List.copyOf(violations);
    }

    /** What is wrong with the dataplane in its mesh. */
    public List<Violation> violations() {
      return violations;
    }
  }

  /** With the policy so, stored dataplanes would be invalid. */
  public static final class PolicyRefused extends StoreException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public PolicyRefused(ResourceKey key, String message, List<Violation> violations) {
      super(key, message);
      this.violations = List.copyOf(violations);
    }

    /** What would be wrong: the first of the dataplanes, each with its first violation. */
    public List<Violation> violations() {
      return violations;
    }
  }

  /** A restriction of the mesh forbids this dataplane. */
  public static final class MembershipRefused extends StoreException {
    private static final long serialVersionUID = 1L;

    public MembershipRefused(ResourceKey key, String message) {
      super(key, message);
    }
  }
}
