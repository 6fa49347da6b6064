package io.sluice.controlplane.security;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may speak to the control plane.
 *
 * @param adminToken what operators must send; also as {@code SLUICE_ADMIN_TOKEN}
 * @param adminTokenFile a file with that token instead
 * @param hosts names, beside those of the loopback interface, under which operators reach the API
 * @param agents the agents' listener
 */
@ConfigurationProperties("sluice")
public record SecuritySettings(
    @Nullable String adminToken,
    @Nullable Path adminTokenFile,
    @DefaultValue List<String> hosts,
    @DefaultValue Agents agents) {

  /**
   * The agents' listener.
   *
   * @param bind the address to listen on; absent means all
   * @param port 0 takes a free one
   * @param connections how many are open at the same time; each agent keeps two
   */
  public record Agents(
      @Nullable String bind,
      @DefaultValue("5678") int port,
      @DefaultValue("20000") int connections) {}
}
