package io.sluice.controlplane.security;

import io.sluice.controlplane.start.StartFailure;
import io.sluice.controlplane.store.SchemaGate;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The second listener of the same application: TLS 1.3, for agents, with a certificate of this
 * process's own that it renews before it expires.
 */
@Component
public class AgentsListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(AgentsListener.class);
  private static final Duration LEAF_LIFETIME = Duration.ofDays(30);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Connections that the kernel takes for us: after a restart all agents come at once. */
  private static final int BACKLOG = 4096;

  private static final String ALIAS = "sluice";

  private final SecuritySettings.Agents settings;
  private final ServletWebServerApplicationContext context;
  private final CertificateAuthorities authorities;
  private final SchemaGate schema;
  private volatile @Nullable Connector connector;
  private volatile boolean running;

  AgentsListener(
      SecuritySettings settings,
      ServletWebServerApplicationContext context,
      CertificateAuthorities authorities,
      SchemaGate schema) {
    this.settings = settings.agents();
    this.context = context;
    this.authorities = authorities;
    this.schema = schema;
  }

  /** The port it listens on; 0 while it does not. */
  public int port() {
    Connector current = connector;
    return current == null ? 0 : current.getLocalPort();
  }

  boolean serves(HttpServletRequest request) {
    return request.getLocalPort() == port();
  }

  /**
   * Listens once there is a database to know tokens and the authority from. What is wrong then ends
   * the start; when the database comes later than that, it is tried until it works.
   */
  @Override
  public void start() {
    running = true;
    try {
      schema.requireOpen();
    } catch (DataAccessResourceFailureException e) {
      schema.whenOpen(() -> Thread.ofVirtual().name("agents-listen").start(this::keepTrying));
      return;
    }
    listen();
  }

  private void keepTrying() {
    while (running && port() <= 0) {
      try {
        listen();
      } catch (StartFailure | DataAccessException e) {
        log.error(
            "event=agents-not-listening error=\"{}\" retry-seconds={}",
            e.getMessage(),
            RETRY.toSeconds());
        try {
          Thread.sleep(RETRY);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private synchronized void listen() {
    if (!running) {
      return;
    }
    if (!(context.getWebServer() instanceof TomcatWebServer server)) {
      throw new IllegalStateException("the agents' listener needs Tomcat");
    }
    Http11NioProtocol protocol = new Http11NioProtocol();
    protocol.setMaxConnections(settings.connections());
    protocol.setAcceptCount(BACKLOG);
    protocol.setExecutor(new VirtualThreadExecutor("agents-"));
    protocol.setSSLEnabled(true);
    protocol.addSslHostConfig(newCertificate());
    Connector agents = new Connector(protocol);
    agents.setScheme("https");
    agents.setSecure(true);
    agents.setPort(settings.port());
    if (settings.bind() != null) {
      agents.setProperty("address", settings.bind());
    }
    agents.setThrowOnFailure(true);
    connector = agents;
    try {
      server.getTomcat().getService().addConnector(agents);
    } catch (IllegalArgumentException e) {
      connector = null;
      server.getTomcat().getService().removeConnector(agents);
      throw new StartFailure(
          "The agents' listener can't listen on port "
              + settings.port()
              + (settings.bind() == null ? "" : " of " + settings.bind())
              + ": "
              + NestedExceptionUtils.getMostSpecificCause(e).getMessage(),
          "Stop who uses it, or give another with --agents-port PORT; agents are told which.",
          e);
    }
    log.info("event=agents-listening port={}", port());
  }

  @Override
  public synchronized void stop() {
    running = false;
    Connector current = connector;
    connector = null;
    if (current != null && context.getWebServer() instanceof TomcatWebServer server) {
      server.getTomcat().getService().removeConnector(current);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * After the operators' listener, and stopped when the wait for requests under way is over: it
   * counts those of this listener too, and a listener that went before would never end them.
   */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 512;
  }

  @Scheduled(fixedDelay = 7, initialDelay = 7, timeUnit = java.util.concurrent.TimeUnit.DAYS)
  void renew() {
    Connector current = connector;
    if (current != null && current.getProtocolHandler() instanceof Http11NioProtocol protocol) {
      protocol.addSslHostConfig(newCertificate(), true);
      log.info("event=agents-certificate-renewed");
    }
  }

  private SSLHostConfig newCertificate() {
    CertificateAuthority.Leaf leaf =
        authorities.current().issue(Clock.systemUTC().instant(), LEAF_LIFETIME);
    SSLHostConfig config = new SSLHostConfig();
    config.setProtocols("TLSv1.3");
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.EC);
    certificate.setCertificateKeystore(keyStore(leaf));
    certificate.setCertificateKeyAlias(ALIAS);
    config.addCertificate(certificate);
    return config;
  }

  /** In memory only; the password is what Tomcat expects by default, and protects nothing. */
  private static KeyStore keyStore(CertificateAuthority.Leaf leaf) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          ALIAS,
          leaf.key(),
          "changeit".toCharArray(),
          leaf.chain().toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the agents' certificate can't be prepared", e);
    }
  }
}
