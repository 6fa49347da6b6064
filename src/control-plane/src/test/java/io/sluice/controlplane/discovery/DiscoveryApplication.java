package io.sluice.controlplane.discovery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.controlplane.fleet.Replica;
import io.sluice.controlplane.postgres.TestServer;
import io.sluice.controlplane.store.StoreApplication;
import io.sluice.resources.net.IpAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** The store, its view and what is found out for it: time and names are the test's. */
@TestConfiguration(proxyBeanMethods = false)
@Import({StoreApplication.class, Replica.class})
@ComponentScan(
    basePackages = "io.sluice.controlplane.discovery",
    excludeFilters =
        @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Rounds.class))
@ConfigurationPropertiesScan("io.sluice.controlplane.discovery")
class DiscoveryApplication {

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

  @Bean
  @Primary
  Time time() {
    return new Time();
  }

  @Bean
  @Primary
  NameServer nameServer() {
    return new NameServer();
  }

  @Bean
  MeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  /** Time that goes on when the test says so. */
  static final class Time implements Ticker {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

    @Override
    public long nanos() {
      return nanos.get();
    }

    void pass(Duration span) {
      nanos.addAndGet(span.toNanos());
    }
  }

  /** Knows the names that the test has given it. */
  static final class NameServer implements Resolver {

    private final Map<String, List<IpAddress>> names = new ConcurrentHashMap<>();

    void say(String name, String... addresses) {
      names.put(
          name,
          java.util.Arrays.stream(addresses)
              .map(text -> IpAddress.parse(text).orElseThrow())
              .toList());
    }

    void fail(String name) {
      names.remove(name);
    }

    @Override
    public List<IpAddress> resolve(String name) throws UnknownHostException {
      List<IpAddress> found = names.get(name);
      if (found == null) {
        throw new UnknownHostException(name);
      }
      return found;
    }
  }
}
