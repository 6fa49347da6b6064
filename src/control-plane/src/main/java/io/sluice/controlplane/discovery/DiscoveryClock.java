package io.sluice.controlplane.discovery;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The time by which agents are missed. */
@Configuration(proxyBeanMethods = false)
class DiscoveryClock {

  @Bean
  Ticker ticker() {
    return System::nanoTime;
  }
}
