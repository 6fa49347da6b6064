package io.sluice.controlplane.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code mesh_resource}; written by the statements of {@link MeshResourceRows} only. */
@Entity
@Immutable
@IdClass(MeshResourceRow.Key.class)
@Table(name = "mesh_resource")
class MeshResourceRow {

  @Id private String mesh = "";
  @Id private String type = "";
  @Id private String name = "";

  @JdbcTypeCode(SqlTypes.JSON)
  private String spec = "";

  private long revision;
  private Instant createdAt = Instant.EPOCH;
  private Instant modifiedAt = Instant.EPOCH;

  StoredResource stored(SpecJson json) {
    return new StoredResource(
        new ResourceKey(type, mesh, name), json.read(spec), revision, createdAt, modifiedAt);
  }

  /** The primary key. */
  record Key(String mesh, String type, String name) implements Serializable {

    static Key of(ResourceKey key) {
      return new Key(key.mesh(), key.type(), key.name());
    }
  }
}
