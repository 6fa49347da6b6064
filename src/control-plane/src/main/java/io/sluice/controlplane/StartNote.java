package io.sluice.controlplane;

import io.sluice.controlplane.postgres.DirectConnections;
import io.sluice.controlplane.postgres.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where to go once the operators' listener is open. */
@Component
class StartNote implements ApplicationListener<WebServerInitializedEvent> {

  private static final Logger log = LoggerFactory.getLogger(StartNote.class);
  private final Environment environment;
  private final DirectConnections database;
  private final ObjectProvider<EmbeddedPostgres> embedded;

  StartNote(
      Environment environment,
      DirectConnections database,
      ObjectProvider<EmbeddedPostgres> embedded) {
    this.environment = environment;
    this.database = database;
    this.embedded = embedded;
  }

  @Override
  public void onApplicationEvent(WebServerInitializedEvent event) {
    if (WebServerApplicationContext.hasServerNamespace(
        event.getApplicationContext(), "management")) {
      return;
    }
    String bind = environment.getProperty("sluice.bind", "127.0.0.1");
    String host = bind.indexOf(':') >= 0 ? "[" + bind + "]" : bind;
    int port = event.getWebServer().getPort();
    log.info("Operators: http://{}:{}/swagger-ui.html (API and its description)", host, port);
    EmbeddedPostgres ours = embedded.getIfAvailable();
    if (ours == null) {
      log.info("Database: {}", database.shownUrl());
    } else {
      log.info("Database: embedded PostgreSQL, data in {}", ours.data());
    }
  }
}
