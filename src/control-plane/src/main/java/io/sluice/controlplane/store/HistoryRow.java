package io.sluice.controlplane.store;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code history}, which the statements that write resources add. */
@Entity
@Immutable
@Table(name = "history")
class HistoryRow {

  @Id private long revision;
  private Instant at = Instant.EPOCH;
  private String author = "";

  @Enumerated(EnumType.STRING)
  private WriteResult.Outcome outcome = WriteResult.Outcome.CREATED;

  private String type = "";
  private String mesh = "";
  private String name = "";

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable String spec;

  HistoryEntry entry(SpecJson json) {
    return new HistoryEntry(
        revision,
        at,
        new Author(author),
        outcome,
        new ResourceKey(type, mesh, name),
        Optional.ofNullable(spec).map(json::read));
  }
}
