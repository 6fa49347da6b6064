package io.sluice.benchmarks.load;

import io.sluice.agent.facts.HostFacts;
import io.sluice.agent.protocol.ControlPlane;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Many agents of one control plane, on virtual threads: most of them wait most of the time. */
public final class SimulatedAgents implements AutoCloseable {

  static final String VERSION = "simulated";

  private static final Duration STOP = Duration.ofSeconds(20);

  private final URI server;
  private final String fingerprint;
  private final List<SimulatedAgent> agents = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong failures = new AtomicLong();
  private final ConcurrentMap<String, AtomicLong> reasons = new ConcurrentHashMap<>();
  private volatile Receipts receipts = new Receipts(0, name -> false);

  /**
   * Nobody yet.
   *
   * @param server the agents' listener
   * @param fingerprint of its authority
   */
  public SimulatedAgents(URI server, String fingerprint) {
    this.server = server;
    this.fingerprint = fingerprint;
  }

  /** Adds the agent of a dataplane. */
  public void add(String name, String token, String address) {
    ControlPlane controlPlane = new ControlPlane(server, fingerprint, token, VERSION);
    agents.add(new SimulatedAgent(name, controlPlane, facts(address), this));
  }

  /** Starts all of them at once. */
  public void start() {
    for (SimulatedAgent agent : agents) {
      threads.add(Thread.ofVirtual().name(agent.name() + "-polls").start(agent::poll));
      threads.add(Thread.ofVirtual().name(agent.name() + "-reports").start(agent::report));
    }
  }

  /** What they receive from now on, and who is expected to receive something, by name. */
  public Receipts from(Predicate<String> expected) {
    int count = (int) agents.stream().map(SimulatedAgent::name).filter(expected).count();
    Receipts fresh = new Receipts(count, expected);
    receipts = fresh;
    return fresh;
  }

  /** How many requests have failed so far. */
  public long failures() {
    return failures.get();
  }

  /** Why they failed, with how often. */
  public Map<String, AtomicLong> reasons() {
    return new TreeMap<>(reasons);
  }

  void received(SimulatedAgent agent, long bytes) {
    receipts.add(agent.name(), bytes);
  }

  void failed(SimulatedAgent agent, String reason) {
    failures.incrementAndGet();
    reasons.computeIfAbsent(reason, ignored -> new AtomicLong()).incrementAndGet();
  }

  private static HostFacts facts(String address) {
    TreeMap<String, String> values = new TreeMap<>();
    values.put("format", "1");
    values.put("backend", "nf_tables");
    values.put("backends.populated", "");
    values.put("ipv6", "true");
    values.put("sshd.ports", "22");
    values.put("dns.servers", "10.255.255.53");
    values.put("resolver", "dnsmasq 2.90");
    values.put("interfaces", "eth0,lo");
    values.put("addresses", address + "/8");
    values.put("foreign", "");
    values.put("foreign.rules", "0");
    return new HostFacts(values);
  }

  /** Ends all of them where they are. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
