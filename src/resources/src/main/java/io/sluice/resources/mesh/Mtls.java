package io.sluice.resources.mesh;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Settings of mutual TLS between the dataplanes of a mesh.
 *
 * @param enabledBackend the name of the backend in use; absent means no mutual TLS
 * @param backends certificate authorities, at most one
 * @param skipValidation whether the authority is taken without a look at its certificate
 */
public record Mtls(
    @Nullable String enabledBackend, List<Backend> backends, @Nullable Boolean skipValidation) {

  /** Copies the list. */
  public Mtls {
    backends = List.copyOf(backends);
  }

  /**
   * A certificate authority.
   *
   * @param conf settings that the type alone understands
   */
  public record Backend(
      String name,
      String type,
      @Nullable DpCert dpCert,
      @Nullable JsonNode conf,
      TlsMode mode,
      @Nullable RootChain rootChain) {}

  /** Whether inbounds take plain text beside TLS. */
  public enum TlsMode {
    STRICT,
    PERMISSIVE
  }

  /** The certificates of dataplanes. */
  public record DpCert(@Nullable Rotation rotation, @Nullable Duration requestTimeout) {}

  /** How long a dataplane's certificate lives, such as {@code 24h}. */
  public record Rotation(@Nullable String expiration) {}

  /** How the authority's own chain is fetched. */
  public record RootChain(@Nullable Duration requestTimeout) {}
}
