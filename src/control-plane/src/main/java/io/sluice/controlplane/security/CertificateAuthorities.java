package io.sluice.controlplane.security;

import io.sluice.controlplane.store.SchemaGate;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The one authority that all replicas share: the first that stores its own wins. */
@Component
public class CertificateAuthorities {

  private static final Logger log = LoggerFactory.getLogger(CertificateAuthorities.class);

  private final JdbcClient jdbc;
  private final SchemaGate schema;
  private volatile @Nullable CertificateAuthority known;

  CertificateAuthorities(JdbcClient jdbc, SchemaGate schema) {
    this.jdbc = jdbc;
    this.schema = schema;
  }

  /**
   * The authority, made now if this is the first start.
   *
   * @throws org.springframework.dao.DataAccessException while there is no database
   */
  public CertificateAuthority current() {
    CertificateAuthority authority = known;
    if (authority == null) {
      schema.requireOpen();
      authority = load();
      known = authority;
      log.info("event=agents-authority fingerprint={}", authority.fingerprint());
    }
    return authority;
  }

  private CertificateAuthority load() {
    if (stored().isEmpty()) {
      CertificateAuthority created = CertificateAuthority.create(Clock.systemUTC().instant());
      jdbc.sql(
              "insert into certificate_authority (certificate, private_key) values (?, ?)"
                  + " on conflict do nothing")
          .params(created.der(), created.key().getEncoded())
          .update();
    }
    return stored().getFirst();
  }

  private List<CertificateAuthority> stored() {
    return jdbc.sql("select certificate, private_key from certificate_authority")
        .query(
            (row, number) ->
                CertificateAuthority.of(row.getBytes("certificate"), row.getBytes("private_key")))
        .list();
  }
}
