package io.sluice.agent;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.watchdog.Guard;
import java.io.IOException;
import java.util.Optional;

/**
 * What a bundle makes of a host: rules that lead traffic to Envoy and questions to the resolver,
 * and the guard that takes their jumps out where traffic shall pass by an Envoy that is down. All
 * of it outlives the agent.
 */
record DataPath(Envoy envoy, Firewall firewall, Resolver resolver, Guard guard) {

  /** Whether there is anything of it that can be removed. */
  boolean exists() {
    return envoy.pid().isPresent() || resolver.pid().isPresent() || firewall.engaged();
  }

  /** Removes it at once. */
  void remove() throws IOException, RefusedException {
    guard.forget();
    Optional<Firewall> engaged = firewall.engaged() ? Optional.of(firewall) : Optional.empty();
    remove(envoy, resolver, engaged, 0, false);
  }

  /**
   * First the jumps, then Envoy once its connections ended, then the rest: proxied connections need
   * the kernel's connection tracking, which our remaining rules keep in use.
   *
   * @param force also another agent's rules
   */
  static void remove(
      Envoy envoy, Resolver resolver, Optional<Firewall> firewall, int drainSeconds, boolean force)
      throws IOException, RefusedException {
    if (firewall.isPresent()) {
      firewall.get().release(force);
    }
    envoy.stop(drainSeconds);
    resolver.remove();
    if (firewall.isPresent()) {
      firewall.get().remove(force);
    }
    envoy.forgetConfiguration();
  }
}
