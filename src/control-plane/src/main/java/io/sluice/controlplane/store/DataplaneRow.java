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

/** A row of {@code dataplane}; written by the statements of {@link DataplaneRows} only. */
@Entity
@Immutable
@IdClass(DataplaneRow.Key.class)
@Table(name = "dataplane")
class DataplaneRow {

  @Id private String mesh = "";
  @Id private String name = "";

  @JdbcTypeCode(SqlTypes.JSON)
  private String spec = "";

  private long revision;
  private Instant createdAt = Instant.EPOCH;
  private Instant modifiedAt = Instant.EPOCH;

  StoredResource stored(SpecJson json) {
    return new StoredResource(
        ResourceKey.dataplane(mesh, name), json.read(spec), revision, createdAt, modifiedAt);
  }

  /** The primary key. */
  record Key(String mesh, String name) implements Serializable {}
}
