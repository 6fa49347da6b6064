package io.sluice.controlplane.discovery;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.StoreApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;

/** The store, its view and what is found out for it, without the API. */
@TestConfiguration(proxyBeanMethods = false)
@Import(StoreApplication.class)
@ComponentScan("io.sluice.controlplane.discovery")
@ConfigurationPropertiesScan("io.sluice.controlplane.discovery")
final class DiscoveryApplication {

  private DiscoveryApplication() {}

  /** Starts one replica on a database. */
  static ConfigurableApplicationContext on(TestServer.Address database) {
    return new SpringApplicationBuilder(DiscoveryApplication.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .run(
            "--sluice.database.url=" + database.url(),
            "--sluice.database.username=" + database.username(),
            "--sluice.database.password=" + database.password());
  }
}
