package io.sluice.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.agent.Bundles;
import io.sluice.agent.FakeControlPlane;
import io.sluice.agent.TestAuthority;
import io.sluice.agent.bundle.Digest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {

  private static final Optional<Digest> NOTHING = Optional.empty();

  @Test
  void everyAnswerHasItsOutcome() throws Exception {
    try (FakeControlPlane server = new FakeControlPlane();
        ControlPlane client = client(server.address(), server.fingerprint())) {
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Absent());
      server.answerWith(410);
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Gone(Poll.Deletion.OPERATOR));
      server.answerDeletedBy("collection");
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Gone(Poll.Deletion.COLLECTION));
      server.answerDeletedBy("goodbye");
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Gone(Poll.Deletion.GOODBYE));
      server.answerDeletedBy("somebody of a later release");
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Gone(Poll.Deletion.OPERATOR));
      server.answerWith(503);
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .isInstanceOf(Poll.Unavailable.class);
      Bundles.Made made = server.serve(Bundles.explicit(1, 2));
      Poll changed = client.poll(NOTHING, NOTHING, Optional.empty(), false, 0);
      assertThat(changed).isInstanceOf(Poll.Changed.class);
      assertThat(((Poll.Changed) changed).pack().readAllBytes()).isEqualTo(made.pack());
      assertThat(client.poll(Optional.of(made.digest()), NOTHING, Optional.empty(), false, 0))
          .isEqualTo(new Poll.Unchanged());
      assertThat(client.poll(NOTHING, Optional.of(made.digest()), Optional.empty(), false, 0))
          .isEqualTo(new Poll.Unchanged());
    }
  }

  @Test
  void aRegistrationSaysWhatTheServerSays() throws Exception {
    try (FakeControlPlane server = new FakeControlPlane();
        ControlPlane client = client(server.address(), server.fingerprint())) {
      byte[] yaml = "type: Dataplane".getBytes(StandardCharsets.UTF_8);
      Map<String, String> query = Map.of("mesh", "default", "var.NAME", "a b&c");
      assertThat(client.register(yaml, "application/yaml", query))
          .isEqualTo(new ControlPlane.Registration.Taken());
      assertThat(server.registrations().getFirst()).contains("var.NAME=a b&c");
      server.answerRegistrationsWith(400);
      assertThat(client.register(yaml, "application/yaml", query))
          .asString()
          .contains("Refused", "networking.inbound[0].port: 0 is no port");
      server.answerRegistrationsWith(503);
      assertThat(client.register(yaml, "application/yaml", query))
          .isInstanceOf(ControlPlane.Registration.Unavailable.class);
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotSpokenTo() throws Exception {
    try (FakeControlPlane server = new FakeControlPlane();
        ControlPlane client = client(server.address(), "ab".repeat(32))) {
      assertThat(client.poll(NOTHING, NOTHING, Optional.empty(), false, 0))
          .asString()
          .contains("not the one that was given", server.fingerprint());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void theFingerprintOfTheServersOwnCertificateIsNotEnough() throws Exception {
    TestAuthority authority = TestAuthority.make();
    assertThat(pollAt(authority, authority.serverFingerprint())).contains("not the one");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    TestAuthority authority = TestAuthority.make("-startdate", "-40d");
    assertThat(pollAt(authority, authority.fingerprint())).contains("certificate chain");
  }

  @Test
  void aCertificateThatIsNoServersIsRefused() throws Exception {
    TestAuthority authority = TestAuthority.make("-ext", "eku=clientAuth");
    assertThat(pollAt(authority, authority.fingerprint())).contains("not one for servers");
  }

  @Test
  void fingerprintsAreTakenInEveryUsualSpelling() {
    assertThat(new PinnedAuthority("sha256:" + "AB".repeat(32))).isNotNull();
    assertThat(new PinnedAuthority("ab:".repeat(31) + "ab")).isNotNull();
    assertThatThrownBy(() -> new PinnedAuthority("ab")).isInstanceOf(RuntimeException.class);
  }

  @Test
  void delaysDoubleUpToHalfAMinute() {
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    long[] most = {1000, 2000, 4000, 8000, 16_000, 30_000, 30_000};
    for (long expected : most) {
      assertThat(backoff.next()).isBetween(expected / 2, expected);
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(1000);
  }

  private static String pollAt(TestAuthority authority, String fingerprint) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
    server.start();
    try (ControlPlane client =
        client(URI.create("https://127.0.0.1:" + server.getAddress().getPort()), fingerprint)) {
      return client.poll(NOTHING, NOTHING, Optional.empty(), false, 0).toString();
    } finally {
      server.stop(0);
    }
  }

  private static ControlPlane client(URI address, String fingerprint) {
    return new ControlPlane(address, fingerprint, FakeControlPlane.TOKEN, "test");
  }
}
