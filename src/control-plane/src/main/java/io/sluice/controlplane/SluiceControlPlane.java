package io.sluice.controlplane;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The control plane's process. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SluiceControlPlane {

  /** Starts the control plane. */
  public static void main(String[] arguments) {
    SpringApplication.run(SluiceControlPlane.class, arguments);
  }
}
