package io.sluice.controlplane.store;

import io.sluice.controlplane.postgres.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The store on a PostgreSQL in a container; {@code ./sluice test --all} makes the image. */
@Tag("docker")
class ContainerResourceStoreTest extends ResourceStoreContract {

  private static final String IMAGE =
      System.getenv().getOrDefault("SLUICE_POSTGRES_IMAGE", "sluice-postgres:local");

  private final PostgreSQLContainer container =
      new PostgreSQLContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("postgres"));

  @Override
  TestServer.Address database() {
    if (!container.isRunning()) {
      container.start();
    }
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    TestServer.Address administration = address(container.getDatabaseName());
    try (Connection connection = administration.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return address(name);
  }

  @AfterAll
  void stopContainer() {
    container.stop();
  }

  private TestServer.Address address(String database) {
    return new TestServer.Address(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                database),
        container.getUsername(),
        container.getPassword());
  }
}
