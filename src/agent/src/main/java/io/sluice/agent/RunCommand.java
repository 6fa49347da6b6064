package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.ADDRESS;
import static io.sluice.agent.host.Log.Key.FILE;
import static io.sluice.agent.host.Log.Key.REASON;
import static io.sluice.agent.host.Log.Key.VERSION;

import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.facts.Survey;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.Ledger;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.Identity;
import io.sluice.agent.host.Log;
import io.sluice.agent.host.StateFolder;
import io.sluice.agent.protocol.Backoff;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.protocol.ControlPlane.Registration;
import io.sluice.agent.prove.Proof;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Resolver;
import io.sluice.agent.resolver.Upstreams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** {@code run} and {@code once}. */
final class RunCommand {

  private final Options options;
  private final Log log;

  RunCommand(Options options, Log log) {
    this.options = options;
    this.log = log;
  }

  int run() throws UsageException, IOException, StateFolder.HeldException {
    boolean once = options.command().equals("once");
    try (ControlPlane controlPlane = controlPlane(options);
        StateFolder state = new StateFolder(options.stateFolder())) {
      Identity.takeGroup();
      state.take();
      Backend backend = backend(options);
      EnvoyLauncher launcher = new EnvoyLauncher(state.path(), options.envoy());
      Envoy envoy = new Envoy(launcher);
      Firewall firewall = new Firewall(backend, state.owner(), new Ledger(state.path()));
      Dnsmasq dnsmasq = options.dnsmasq();
      Upstreams upstreams = options.upstreams();
      Resolver resolver = new Resolver(state.path(), dnsmasq, upstreams, log);
      Proof proof = new Proof(envoy, controlPlane::isReachable);
      String versions =
          String.join(
              " ", Version.text(), launcher.version(), Status.kernel("osrelease"), backend.text());
      Host host = new Host(state.path(), envoy, firewall, resolver, proof, versions, log);
      Reporter reporter = new Reporter(controlPlane, log);
      FactsSender facts =
          new FactsSender(new Survey(backend, dnsmasq, upstreams), controlPlane, log);
      OwnDataplane own = OwnDataplane.of(options, state.path());
      Agent agent = new Agent(controlPlane, own, host, backend, reporter, facts, log);
      log.info(
          "started", VERSION, Version.text(), ADDRESS, options.controlPlane(), FILE, state.path());
      firewall.lacking().ifPresent(reason -> log.warn("no-iptables", REASON, reason));
      resolver.lacking().ifPresent(reason -> log.warn("no-resolver", REASON, reason));
      agent.resume();
      if (!once) {
        resolver.watch();
        agent.watch();
        Runtime.getRuntime().addShutdownHook(new Thread(agent::goodbye, "goodbye"));
      }
      Optional<Integer> refused = register(own, controlPlane, agent, once);
      if (refused.isPresent()) {
        return refused.get();
      }
      if (!once) {
        agent.run();
        return ExitCode.OK;
      }
      int code =
          switch (agent.guarded(0)) {
            case CURRENT -> ExitCode.OK;
            case NOTHING, UNAVAILABLE -> ExitCode.FAILED;
            case REFUSED -> ExitCode.REFUSED;
          };
      reporter.send(Status.of(host, backend));
      return code;
    }
  }

  static Backend backend(Options options) throws UsageException, IOException {
    String named = options.value("iptables").orElse("auto");
    try {
      Optional<String> inUse = new Ledger(options.stateFolder()).backend();
      if (named.equals("auto") && inUse.isPresent()) {
        return Backend.named(inUse.get());
      }
      if (named.equals("auto") && !Command.exists("iptables")) {
        // What to install it brings; without it no bundle with rules is taken.
        return Backend.NF_TABLES;
      }
      return named.equals("auto") ? Backend.ofHost() : Backend.named(named);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--iptables " + named + " is not auto, nf_tables or legacy");
    }
  }

  static ControlPlane controlPlane(Options options) throws UsageException, IOException {
    try {
      return new ControlPlane(
          options.controlPlane(), options.fingerprint(), options.token(), Version.text());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Registers the dataplane if there is one to register; the exit code if that is refused. */
  private Optional<Integer> register(
      OwnDataplane own, ControlPlane controlPlane, Agent agent, boolean once) {
    Optional<Path> file = own.file();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Path path = file.get();
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    while (true) {
      Registration registration = own.register(controlPlane).orElseThrow();
      if (registration instanceof Registration.Taken) {
        log.info("registered", FILE, path);
        agent.registered();
        return Optional.empty();
      }
      if (registration instanceof Registration.Refused(String reason)) {
        log.error("registration-refused", FILE, path, REASON, reason);
        return Optional.of(ExitCode.REFUSED);
      }
      if (registration instanceof Registration.Unavailable(String reason)) {
        log.warn("registration-waits", FILE, path, REASON, reason);
        if (once) {
          return Optional.of(ExitCode.FAILED);
        }
      }
      try {
        Thread.sleep(backoff.next());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of(ExitCode.FAILED);
      }
    }
  }
}
