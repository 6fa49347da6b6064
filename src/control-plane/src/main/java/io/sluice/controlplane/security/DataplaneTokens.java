package io.sluice.controlplane.security;

import io.sluice.controlplane.store.Author;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The dataplanes' tokens: 256 random bits each, of which only the SHA-256 is kept. */
@Component
public class DataplaneTokens {

  /** What every token begins with, so that scanners for leaked secrets know it. */
  public static final String PREFIX = "sluice_dp_";

  private static final int BYTES = 32;
  private static final String COLUMNS = "id, mesh, name, created, expires, revoked, created_by";

  private final JdbcClient jdbc;
  private final TokenChecks checks;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();

  DataplaneTokens(JdbcClient jdbc, TokenChecks checks) {
    this.jdbc = jdbc;
    this.checks = checks;
  }

  /**
   * A new token and its record.
   *
   * @param secret what the agent sends; it can't be had again
   */
  public record Issued(String secret, DataplaneToken token) {}

  /** Issues a token for a dataplane, which need not exist yet. */
  public Issued issue(String mesh, String name, Duration validFor, Author author) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    DataplaneToken token =
        jdbc.sql(
                "insert into dataplane_token (hash, mesh, name, created, expires, created_by)"
                    + " values (?, ?, ?, ?, ?, ?) returning "
                    + COLUMNS)
            .params(
                hash(secret),
                mesh,
                name,
                Timestamp.from(now),
                Timestamp.from(now.plus(validFor)),
                author.name())
            .query(DataplaneTokens::token)
            .single();
    return new Issued(secret, token);
  }

  /**
   * The token of this secret if it is known, not expired and not revoked.
   *
   * @throws org.springframework.dao.DataAccessException if the database does not say so in time
   */
  public Optional<DataplaneToken> open(String secret) {
    if (!secret.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return checks.inTime(
        () ->
            jdbc.sql("select " + COLUMNS + " from dataplane_token where hash = ?")
                .param(hash(secret))
                .query(DataplaneTokens::token)
                .optional()
                .filter(token -> token.isValid(clock.instant())));
  }

  /**
   * Whether the token still opens its dataplane.
   *
   * @throws org.springframework.dao.DataAccessException if the database does not say so in time
   */
  public boolean isValid(long id) {
    return checks.inTime(
        () ->
            jdbc.sql("select " + COLUMNS + " from dataplane_token where id = ?")
                .param(id)
                .query(DataplaneTokens::token)
                .optional()
                .filter(token -> token.isValid(clock.instant()))
                .isPresent());
  }

  /** Tokens by id, newest first. */
  public List<DataplaneToken> list(
      Optional<String> mesh, Optional<String> name, long before, int size) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from dataplane_token where id < :before"
                + " and (:mesh::text is null or mesh = :mesh)"
                + " and (:name::text is null or name = :name)"
                + " order by id desc limit :size")
        .param("before", before)
        .param("mesh", mesh.orElse(null))
        .param("name", name.orElse(null))
        .param("size", size)
        .query(DataplaneTokens::token)
        .list();
  }

  /** Revokes a token for good; one that is revoked stays as it is. Nothing if it is unknown. */
  public Optional<DataplaneToken> revoke(long id) {
    return jdbc.sql(
            "update dataplane_token set revoked = coalesce(revoked, ?) where id = ? returning "
                + COLUMNS)
        .params(Timestamp.from(clock.instant()), id)
        .query(DataplaneTokens::token)
        .optional();
  }

  private static byte[] hash(String secret) {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static DataplaneToken token(ResultSet row, int number) throws SQLException {
    return new DataplaneToken(
        row.getLong("id"),
        row.getString("mesh"),
        row.getString("name"),
        row.getTimestamp("created").toInstant(),
        row.getTimestamp("expires").toInstant(),
        instant(row.getTimestamp("revoked")),
        row.getString("created_by"));
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
