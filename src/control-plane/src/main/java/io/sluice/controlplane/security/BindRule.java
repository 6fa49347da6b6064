package io.sluice.controlplane.security;

import io.sluice.controlplane.start.StartFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Refuses to offer the operators' API beyond loopback without an admin token. */
@Component
class BindRule implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory>, Ordered {

  private final Environment environment;
  private final AdminToken adminToken;

  BindRule(Environment environment, AdminToken adminToken) {
    this.environment = environment;
    this.adminToken = adminToken;
  }

  @Override
  public void customize(ConfigurableServletWebServerFactory factory) {
    String address = environment.getProperty("server.address", "");
    if (!adminToken.isSet() && !isLoopback(address)) {
      throw new StartFailure(
          "The operators' API would listen on "
              + (address.isEmpty() ? "all addresses" : address)
              + " without a credential.",
          "Set SLUICE_ADMIN_TOKEN (or sluice.admin-token-file), or listen on 127.0.0.1.");
    }
  }

  /** Before anything listens. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  private static boolean isLoopback(String address) {
    try {
      return !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new StartFailure(
          "\"" + address + "\" is no address to listen on.",
          "Give an IP address of this host with --bind ADDRESS.",
          e);
    }
  }
}
