package io.sluice.agent;

import io.sluice.agent.bundle.ServiceProbe;
import io.sluice.agent.host.Log;
import io.sluice.agent.probe.Probes;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds to the host's status what the probes of its applications have found, and reports a change of
 * that at once, whatever else the agent does.
 */
final class Health {

  private final Reporter reporter;
  private final Probes probes;
  private Map<String, String> host = Map.of();
  private Set<String> listeners = Set.of();

  Health(Reporter reporter, Log log) throws IOException {
    this.reporter = reporter;
    this.probes = new Probes(this::changed, log);
  }

  /** Probes until the thread is interrupted. */
  void run() {
    probes.run();
  }

  /**
   * Reports a host.
   *
   * @param status but for the applications
   * @param wanted how they are probed from now on
   */
  synchronized void report(Map<String, String> status, SortedMap<String, ServiceProbe> wanted) {
    host = Map.copyOf(status);
    listeners = wanted.keySet();
    probes.follow(wanted);
    reporter.offer(status());
  }

  /** Reports that the agent ends, and waits no longer than a few seconds for an answer. */
  void goodbye() {
    Map<String, String> last;
    synchronized (this) {
      last = new TreeMap<>(host);
    }
    last.put("state", "stopping");
    reporter.end(last);
  }

  private synchronized void changed() {
    reporter.offer(status());
  }

  private Map<String, String> status() {
    SortedSet<String> ready = new TreeSet<>();
    SortedSet<String> notReady = new TreeSet<>();
    if ("down".equals(host.get("envoy.state"))) {
      // Nobody reaches an application whose proxy is not there.
      notReady.addAll(listeners);
    } else {
      probes.found().forEach((listener, is) -> (is ? ready : notReady).add(listener));
    }
    Map<String, String> status = new TreeMap<>(host);
    put(status, "inbounds.ready", ready);
    put(status, "inbounds.notready", notReady);
    return Collections.unmodifiableMap(status);
  }

  private static void put(Map<String, String> status, String key, Set<String> listeners) {
    if (!listeners.isEmpty()) {
      status.put(key, String.join(",", listeners));
    }
  }
}
