package io.sluice.controlplane.postgres;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses the database: the given one, or one of our own. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Bean
  @ConditionalOnProperty(name = "sluice.database.url", matchIfMissing = true, havingValue = "none")
  EmbeddedPostgres embeddedPostgres(DatabaseSettings settings) {
    return EmbeddedPostgres.start(settings.dataFolder(System.getenv()));
  }

  @Bean
  JdbcConnectionDetails databaseConnection(
      DatabaseSettings settings, ObjectProvider<EmbeddedPostgres> embedded) {
    EmbeddedPostgres ours = embedded.getIfAvailable();
    if (ours != null) {
      return new Connection(ours.jdbcUrl(), ours.username(), ours.password());
    }
    DatabaseSettings.Database given = settings.database();
    return new Connection(
        given.url() == null ? "" : given.url(), given.username(), given.password());
  }

  @Bean
  DirectConnections directConnections(JdbcConnectionDetails database) {
    return new DirectConnections(
        database.getJdbcUrl(), database.getUsername(), database.getPassword());
  }

  /** Migrations wait for the database, the start of the application does not: {@link Database}. */
  @Bean
  FlywayMigrationStrategy migrateLater() {
    return flyway -> {};
  }

  @Bean
  Database databaseBringUp(
      DirectConnections connections,
      Flyway flyway,
      HikariDataSource pool,
      ObjectProvider<EmbeddedPostgres> embedded) {
    return new Database(connections, flyway, pool, embedded.getIfAvailable());
  }

  private record Connection(String url, @Nullable String username, @Nullable String password)
      implements JdbcConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return url;
    }

    @Override
    public @Nullable String getUsername() {
      return username;
    }

    @Override
    public @Nullable String getPassword() {
      return password;
    }
  }
}
