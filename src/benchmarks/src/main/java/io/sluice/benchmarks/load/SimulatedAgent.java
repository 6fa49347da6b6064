package io.sluice.benchmarks.load;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.facts.HostFacts;
import io.sluice.agent.protocol.Backoff;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.protocol.Poll;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * An agent as the control plane sees it: the agent's own client, on two connections that stay open,
 * polls, reports and facts in the order and at the times of {@code io.sluice.agent.Agent}. It
 * applies nothing but remembers the digest of what it was sent.
 */
final class SimulatedAgent {

  private static final int WAIT_SECONDS = 50;
  private static final int REPORT_SECONDS = 30;
  private static final int FACTS_WANTED = 5;
  private static final long FACTS_MILLIS = 1_000;

  private final String name;
  private final ControlPlane controlPlane;
  private final HostFacts facts;
  private final SimulatedAgents all;
  private final Semaphore news = new Semaphore(0);
  private volatile Optional<Digest> applied = Optional.empty();

  SimulatedAgent(String name, ControlPlane controlPlane, HostFacts facts, SimulatedAgents all) {
    this.name = name;
    this.controlPlane = controlPlane;
    this.facts = facts;
    this.all = all;
  }

  String name() {
    return name;
  }

  /** Polls until the thread is interrupted. */
  void poll() {
    Backoff backoff = new Backoff(RandomGenerator.of("L64X128MixRandom"));
    try {
      while (!Thread.interrupted()) {
        switch (ask()) {
          case Poll.Changed changed -> {
            take(changed);
            backoff.reset();
          }
          case Poll.Unchanged() -> backoff.reset();
          case Poll.Unavailable unavailable -> failed(unavailable.reason(), backoff);
          case Poll.Absent() -> failed("there is no such dataplane", backoff);
          case Poll.Gone(Poll.Deletion by) -> failed("the dataplane is gone: " + by, backoff);
          case Poll.FactsWanted() -> failed("other facts are wanted", backoff);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(String reason, Backoff backoff) throws InterruptedException {
    if (!Thread.currentThread().isInterrupted()) {
      all.failed(this, reason);
    }
    Thread.sleep(backoff.next());
  }

  private Poll ask() throws InterruptedException {
    Poll poll = once();
    for (int again = 0; poll instanceof Poll.FactsWanted && again < FACTS_WANTED; again++) {
      if (again > 0) {
        Thread.sleep(FACTS_MILLIS);
      }
      try {
        controlPlane.facts(facts.text());
      } catch (IOException e) {
        return new Poll.Unavailable("facts: " + e.getMessage(), 0);
      }
      poll = once();
    }
    return poll;
  }

  private Poll once() {
    return controlPlane.poll(
        applied, Optional.empty(), Optional.of(facts.digest()), applied.isPresent(), WAIT_SECONDS);
  }

  private void take(Poll.Changed changed) {
    try (InputStream pack = changed.pack()) {
      long bytes = pack.transferTo(OutputStream.nullOutputStream());
      all.received(this, bytes);
      applied = Optional.of(changed.digest());
      news.release();
    } catch (IOException e) {
      all.failed(this, "pack: " + e.getMessage());
    }
  }

  /** Reports until the thread is interrupted: each change at once, and every 30 s. */
  void report() {
    try {
      news.acquire();
      while (true) {
        news.drainPermits();
        try {
          controlPlane.report(status());
        } catch (IOException e) {
          if (!Thread.currentThread().isInterrupted()) {
            all.failed(this, "report: " + e.getMessage());
          }
        }
        news.tryAcquire(REPORT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, String> status() {
    Map<String, String> status = new TreeMap<>();
    applied.ifPresent(digest -> status.put("applied", digest.hex()));
    status.put("state", "running");
    status.put("agent.version", SimulatedAgents.VERSION);
    status.put("envoy.version", "1.40.0");
    status.put("envoy.state", "live");
    status.put("mode", "iptables");
    status.put("host.name", name);
    status.put("host.kernel", "6.18.0");
    status.put("host.backend", "nf_tables");
    return status;
  }
}
