package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.DIGEST;
import static io.sluice.agent.host.Log.Key.REASON;

import io.sluice.agent.facts.HostFacts;
import io.sluice.agent.facts.Survey;
import io.sluice.agent.host.Log;
import io.sluice.agent.protocol.ControlPlane;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells the control plane the host's facts: when it asks for them, and when they change. */
final class FactsSender {

  private static final long EVERY_MILLIS = 30_000;

  private final Survey survey;
  private final ControlPlane controlPlane;
  private final Log log;
  private @Nullable HostFacts newest;
  private boolean failing;

  FactsSender(Survey survey, ControlPlane controlPlane, Log log) {
    this.survey = survey;
    this.controlPlane = controlPlane;
    this.log = log;
  }

  /** The facts as they were seen last. */
  synchronized HostFacts newest() throws IOException {
    HostFacts known = newest;
    if (known == null) {
      known = survey.take();
      newest = known;
    }
    return known;
  }

  /** Somebody may have changed the host's rules. Who says so never waits for a look at the host. */
  void rulesMayHaveChanged() {
    survey.rulesMayHaveChanged();
  }

  /** Looks at the host again and again, and sends what has changed. */
  void run() {
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (changed()) {
        send();
      }
      failing = false;
    } catch (IOException | RuntimeException | Error e) {
      if (!failing) {
        log.warn("facts-failed", REASON, e.toString());
      }
      failing = true;
    }
  }

  private synchronized boolean changed() throws IOException {
    HostFacts before = newest;
    HostFacts now = survey.take();
    newest = now;
    return before != null && !now.equals(before);
  }

  /** Sends the facts as they are now. */
  void send() throws IOException {
    HostFacts facts = newest();
    controlPlane.facts(facts.text());
    log.info("facts-sent", DIGEST, facts.digest());
  }
}
