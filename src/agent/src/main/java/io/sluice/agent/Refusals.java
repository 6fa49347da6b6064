package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.host.Log;
import io.sluice.agent.resolver.Resolver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bundle that this host refused last, and whether it would again. Any thread may ask which it
 * is; whoever changes that holds the host's lock.
 */
final class Refusals {

  private final Path state;
  private final Generations generations;
  private final Firewall firewall;
  private final Resolver resolver;
  private final String versions;
  private final Log log;
  private volatile Optional<Rejection> last;

  /**
   * Those of a state folder; what it remembers is forgotten if it holds no more.
   *
   * @param versions of what refuses here: the agent, Envoy, the kernel
   */
  Refusals(
      Path state,
      Generations generations,
      Firewall firewall,
      Resolver resolver,
      String versions,
      Log log)
      throws IOException {
    this.state = state;
    this.generations = generations;
    this.firewall = firewall;
    this.resolver = resolver;
    this.versions = versions;
    this.log = log;
    this.last = Rejection.remembered(state).filter(this::holds);
  }

  Optional<Rejection> last() {
    return last;
  }

  /** Whether the same would be refused again: neither the host nor its programs have changed. */
  boolean holds(Rejection rejection) {
    try {
      Optional<Generation> bundle = generations.open(rejection.digest());
      return rejection.versions().equals(versions)
          && (bundle.isEmpty()
              || rejection.conditions().isEmpty()
              || rejection.conditions().equals(conditions(bundle.get())));
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * The refusal of a bundle by this host as it is now, which takes programs to find out; it does
   * not count before {@link #add}.
   *
   * @param bundle absent if it is none
   */
  Rejection of(Digest digest, String reason, Optional<Generation> bundle) {
    return new Rejection(digest, reason, versions, bundle.map(this::conditions).orElse(""));
  }

  private String conditions(Generation bundle) {
    return Conditions.of(bundle, firewall, resolver);
  }

  /** Says and remembers that a bundle was refused. */
  void add(Rejection rejection) throws IOException {
    last = Optional.of(rejection);
    log.error("rejected", DIGEST, rejection.digest(), REASON, rejection.reason());
    rejection.remember(state);
  }

  /** Nothing was refused since the last bundle that was taken. */
  void forget() throws IOException {
    Rejection.forget(state);
    last = Optional.empty();
  }

  /** Does not try again what is not here any more: the control plane sends it anew. */
  void drop() {
    last = Optional.empty();
  }
}
