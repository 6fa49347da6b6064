package io.sluice.controlplane.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code mesh}; written by the statements of {@link MeshRows} only. */
@Entity
@Immutable
@Table(name = "mesh")
class MeshRow {

  @Id private String name = "";

  @JdbcTypeCode(SqlTypes.JSON)
  private String spec = "";

  private long revision;
  private Instant createdAt = Instant.EPOCH;
  private Instant modifiedAt = Instant.EPOCH;

  StoredResource stored(SpecJson json) {
    return new StoredResource(
        ResourceKey.mesh(name), json.read(spec), revision, createdAt, modifiedAt);
  }
}
