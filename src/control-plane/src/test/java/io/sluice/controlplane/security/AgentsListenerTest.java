package io.sluice.controlplane.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.controlplane.start.StartFailure;
import io.sluice.controlplane.store.SchemaGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class AgentsListenerTest {

  private final AnnotationConfigServletWebServerApplicationContext context =
      new AnnotationConfigServletWebServerApplicationContext(Server.class);
  private final Gate gate = new Gate();

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aPortInUseEndsTheStartAndIsNamed() throws IOException {
    gate.open();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AgentsListener listener = listener(taken.getLocalPort(), 0);

      assertThatThrownBy(listener::start)
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("port " + taken.getLocalPort());
    }
  }

  @Test
  void aLateDatabaseThatIsLostAgainDoesNotKeepAgentsOutForGood() {
    AgentsListener listener = listener(0, 1);
    listener.start();
    assertThat(listener.port()).isZero();

    gate.open();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> listener.port() > 0);
    listener.stop();
  }

  private AgentsListener listener(int port, int failures) {
    return new AgentsListener(
        new SecuritySettings(
            null, null, List.of(), new SecuritySettings.Agents("127.0.0.1", port, 10)),
        context,
        new Authorities(gate, failures),
        gate);
  }

  /** Tomcat without an application. */
  @Configuration(proxyBeanMethods = false)
  static class Server {
    @Bean
    TomcatServletWebServerFactory tomcat() {
      return new TomcatServletWebServerFactory(0);
    }
  }

  /** An authority that is not to be had the first times. */
  private static final class Authorities extends CertificateAuthorities {
    private final AtomicInteger failures;

    Authorities(SchemaGate gate, int failures) {
      super(JdbcClient.create(new DriverManagerDataSource()), gate);
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public CertificateAuthority current() {
      if (failures.getAndDecrement() > 0) {
        throw new DataAccessResourceFailureException("lost again");
      }
      return CertificateAuthority.create(Instant.now());
    }
  }

  private static final class Gate implements SchemaGate {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean open;

    void open() {
      open = true;
      waiting.forEach(Runnable::run);
    }

    @Override
    public void requireOpen() {
      if (!open) {
        throw new DataAccessResourceFailureException("not yet");
      }
    }

    @Override
    public void whenOpen(Runnable action) {
      waiting.add(action);
    }
  }
}
