package io.sluice.controlplane.store;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.postgres.TestServer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The store, its database and its view, without the API. */
@TestConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(
    basePackages = {
      "io.sluice.controlplane.store",
      "io.sluice.controlplane.changes",
      "io.sluice.controlplane.postgres"
    })
@ConfigurationPropertiesScan("io.sluice.controlplane.postgres")
@EntityScan("io.sluice.controlplane.store")
@EnableJpaRepositories("io.sluice.controlplane.store")
public class StoreApplication {

  /** Starts one replica on a database. */
  public static ConfigurableApplicationContext on(TestServer.Address database, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "--sluice.database.url=" + database.url();
    arguments[1] = "--sluice.database.username=" + database.username();
    arguments[2] = "--sluice.database.password=" + database.password();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return new SpringApplicationBuilder(StoreApplication.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .run(arguments);
  }

  /** A replica's store. */
  public static ResourceStore store(ConfigurableApplicationContext replica) {
    return replica.getBean(ResourceStore.class);
  }

  /** A replica's view. */
  public static MeshViews views(ConfigurableApplicationContext replica) {
    return replica.getBean(MeshViews.class);
  }
}
