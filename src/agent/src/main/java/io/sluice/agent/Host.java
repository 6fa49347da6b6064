package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.COUNT;
import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.PID;
import static io.sluice.agent.host.Log.Key.REASON;
import static io.sluice.agent.host.Log.Key.TOOK_MS;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyConfigCheck;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This host as bundles change it: one of them is in force, and a step that fails leaves it so. Not
 * for several threads at once.
 */
final class Host {

  private final Path state;
  private final Generations generations;
  private final Envoy envoy;
  private final Firewall firewall;
  private final String facts;
  private final Log log;
  private @Nullable Generation current;
  private Optional<Rejection> rejection;

  Host(Path state, Envoy envoy, Firewall firewall, String facts, Log log) throws IOException {
    this.state = state;
    this.generations = new Generations(state);
    this.envoy = envoy;
    this.firewall = firewall;
    this.facts = facts;
    this.log = log;
    this.rejection = Rejection.remembered(state, facts);
    Optional<Digest> applied = applied(state);
    if (applied.isPresent()) {
      current = generations.open(applied.get()).orElse(null);
      if (current == null) {
        log.warn("generation-damaged", DIGEST, applied.get());
      }
    }
  }

  /** The digest that a state folder names as applied. */
  static Optional<Digest> applied(Path state) throws IOException {
    return HostFiles.text(state.resolve("applied"))
        .map(String::strip)
        .filter(Digest::isDigest)
        .map(Digest::new);
  }

  Optional<Digest> applied() {
    return Optional.ofNullable(current).map(Generation::digest);
  }

  Optional<Rejection> rejection() {
    return rejection;
  }

  /**
   * Applies what a pack holds, or refuses it for good.
   *
   * @return whether it is in force
   * @throws IOException if something failed that may succeed another time; nothing has changed
   */
  boolean receive(Digest digest, InputStream pack, Generations.Fetch missing) throws IOException {
    long start = System.nanoTime();
    try {
      // Not under the lock: a control plane that sends slowly must not keep Envoy from being
      // started anew meanwhile.
      Generation generation = generations.receive(digest, pack, current, missing);
      long received = System.nanoTime();
      synchronized (this) {
        apply(generation);
      }
      Rejection.forget(state);
      rejection = Optional.empty();
      generations.prune(digest);
      log.info(
          "applied",
          DIGEST,
          digest,
          TOOK_MS,
          (System.nanoTime() - start) / 1_000_000,
          Log.Key.RECEIVED_MS,
          (received - start) / 1_000_000);
      return true;
    } catch (RefusedException e) {
      Rejection refused = new Rejection(digest, e.reason(), facts);
      refused.remember(state);
      rejection = Optional.of(refused);
      generations.prune(current == null ? digest : current.digest());
      log.error("rejected", DIGEST, digest, REASON, e.reason());
      return false;
    }
  }

  /**
   * Makes the host what the generation in force says, after a start of the agent or of the host.
   */
  void resume() throws IOException {
    Generation resumed = current;
    if (resumed == null) {
      return;
    }
    boolean adopted = !envoy.needsStart();
    try {
      apply(resumed);
      log.info(
          adopted ? "envoy-adopted" : "envoy-started",
          PID,
          envoy.pid().map(String::valueOf).orElse("-"),
          DIGEST,
          resumed.digest());
    } catch (RefusedException e) {
      log.error("resume-failed", DIGEST, resumed.digest(), REASON, e.reason());
    }
  }

  private void apply(Generation target) throws IOException, RefusedException {
    Settings settings = target.settings();
    Map<IpFamily, byte[]> rules = rules(target, settings);
    Generation before = current;
    EnvoyConfigCheck.check(target, before == null ? null : before.tree());
    boolean usesRules =
        (settings.mode() == Settings.Mode.IPTABLES || firewall.engaged())
            && !sameRules(target, before);
    Optional<Firewall.Plan> plan =
        usesRules ? Optional.of(firewall.plan(rules, settings.ruleTargets())) : Optional.empty();
    try {
      // While rules still lead to ports that the new generation does not have, so must Envoy.
      boolean moved = plan.isPresent() && before != null && !before.settings().capturesAs(settings);
      envoy.switchTo(target, before, moved);
      target.makeDurable();
      if (plan.isPresent()) {
        int changed = firewall.install(plan.get());
        if (changed > 0) {
          log.info("rules-switched", COUNT, changed);
        }
      }
      if (moved) {
        envoy.settle(target);
      }
      HostFiles.replace(state.resolve("applied"), target.digest() + "\n");
      current = target;
    } catch (IOException | RefusedException e) {
      if (target != before) {
        back(before, target, plan);
      }
      throw e;
    }
  }

  /** Whether rules need no look at: those of another generation are the same and were installed. */
  private static boolean sameRules(Generation target, @Nullable Generation before) {
    return before != null
        && before != target
        && target.tree().folder("iptables/").equals(before.tree().folder("iptables/"))
        && Objects.equals(
            target.tree().files().get("agent.properties"),
            before.tree().files().get("agent.properties"));
  }

  private Map<IpFamily, byte[]> rules(Generation target, Settings settings)
      throws IOException, RefusedException {
    Map<IpFamily, byte[]> rules = new EnumMap<>(IpFamily.class);
    for (String path : target.tree().files().keySet()) {
      boolean known =
          path.equals("agent.properties")
              || path.startsWith("envoy/")
              || path.equals(IpFamily.V4.file())
              || path.equals(IpFamily.V6.file());
      if (!known) {
        throw new RefusedException("the bundle has a file that this agent does not know: " + path);
      }
    }
    for (IpFamily family : IpFamily.values()) {
      Optional<byte[]> text = target.find(family.file());
      boolean wanted =
          settings.mode() == Settings.Mode.IPTABLES && (family == IpFamily.V4 || settings.ipv6());
      if (wanted != text.isPresent()) {
        throw new RefusedException(
            family.file() + (wanted ? " is missing" : " is not for these settings"));
      }
      text.ifPresent(content -> rules.put(family, content));
    }
    return rules;
  }

  /** Puts rules and Envoy back to what they were. */
  private void back(@Nullable Generation before, Generation refused, Optional<Firewall.Plan> plan) {
    try {
      if (plan.isPresent()) {
        firewall.undo(plan.get());
      }
      if (before == null) {
        // Rules may stand that an agent put in which ended before it could note a generation:
        // without Envoy they would lead nowhere.
        remove(envoy, firewall.engaged() ? Optional.of(firewall) : Optional.empty(), 0, false);
        return;
      }
      try {
        envoy.switchTo(before, refused);
      } catch (IOException | RefusedException e) {
        log.warn("return-by-restart", REASON, String.valueOf(e.getMessage()));
        envoy.restart(before);
      }
    } catch (IOException | RefusedException e) {
      log.error("return-failed", REASON, String.valueOf(e.getMessage()));
    }
  }

  /** Starts Envoy anew if it died. */
  void tend() throws IOException, RefusedException {
    Generation inForce = current;
    if (inForce != null && envoy.needsStart()) {
      log.warn("envoy-down", DIGEST, inForce.digest());
      envoy.switchTo(inForce, inForce);
      log.info("envoy-started", PID, envoy.pid().map(String::valueOf).orElse("-"));
    }
  }

  /** Puts the rules back if they do not stand as they were installed. */
  void repair() throws IOException, RefusedException {
    Generation inForce = current;
    if (inForce != null && firewall.engaged() && envoy.isLive() && !firewall.intact()) {
      Settings settings = inForce.settings();
      int changed =
          firewall.install(firewall.plan(rules(inForce, settings), settings.ruleTargets()));
      log.warn("rules-repaired", COUNT, changed);
    }
  }

  /**
   * The dataplane was deleted: nothing is captured any more, and Envoy ends when it has drained.
   */
  void gone() throws IOException, RefusedException {
    if (current == null && envoy.pid().isEmpty() && !firewall.engaged()) {
      return;
    }
    int drain = current == null ? 0 : current.settings().drainSeconds();
    remove(envoy, firewall.engaged() ? Optional.of(firewall) : Optional.empty(), drain, false);
    Files.deleteIfExists(state.resolve("applied"));
    Rejection.forget(state);
    current = null;
    rejection = Optional.empty();
    log.info("removed");
  }

  /**
   * First the jumps, then Envoy once its connections ended, then the rest: proxied connections need
   * the kernel's connection tracking, which our remaining rules keep in use.
   */
  static void remove(Envoy envoy, Optional<Firewall> firewall, int drainSeconds, boolean force)
      throws IOException, RefusedException {
    if (firewall.isPresent()) {
      firewall.get().release(force);
    }
    envoy.stop(drainSeconds);
    if (firewall.isPresent()) {
      firewall.get().remove(force);
    }
    envoy.forgetConfiguration();
  }

  /** The mode in force. */
  Optional<Settings.Mode> mode() {
    Generation inForce = current;
    if (inForce == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(inForce.settings().mode());
    } catch (IOException | RefusedException e) {
      return Optional.empty();
    }
  }

  Envoy envoy() {
    return envoy;
  }
}
