package io.sluice.controlplane.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.SchemaGate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class CertificateAuthoritiesTest {

  private static final SchemaGate OPEN =
      new SchemaGate() {
        @Override
        public void requireOpen() {}

        @Override
        public void whenOpen(Runnable action) {
          action.run();
        }
      };

  @Test
  void replicasThatStartTogetherAgreeOnOneAuthority() throws Exception {
    TestServer.Address database = withTable();
    Callable<String> firstStart =
        () -> new CertificateAuthorities(jdbc(database), OPEN).current().fingerprint();

    try (ExecutorService replicas = Executors.newFixedThreadPool(8)) {
      List<String> fingerprints =
          replicas.invokeAll(java.util.Collections.nCopies(8, firstStart)).stream()
              .map(java.util.concurrent.Future::resultNow)
              .distinct()
              .toList();
      assertThat(fingerprints).hasSize(1);
    }
  }

  @Test
  void aLeafIsSignedByTheAuthorityAndCanSignNothing() throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(Instant.now());

    CertificateAuthority.Leaf leaf = authority.issue(Instant.now(), Duration.ofDays(30));

    leaf.chain().getFirst().verify(authority.certificate().getPublicKey());
    assertThat(leaf.chain().getFirst().getBasicConstraints()).isEqualTo(-1);
    assertThat(authority.certificate().getBasicConstraints()).isZero();
    assertThat(authority.fingerprint()).matches("sha256:[0-9a-f]{64}");
  }

  private static TestServer.Address withTable() throws SQLException {
    TestServer.Address database = TestServer.freshDatabase();
    jdbc(database)
        .sql(
            "create table certificate_authority (id smallint primary key default 1 check (id = 1),"
                + " certificate bytea not null, private_key bytea not null)")
        .update();
    return database;
  }

  private static JdbcClient jdbc(TestServer.Address database) {
    return JdbcClient.create(
        new DriverManagerDataSource(database.url(), database.username(), database.password()));
  }
}
