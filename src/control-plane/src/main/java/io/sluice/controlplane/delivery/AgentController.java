package io.sluice.controlplane.delivery;

import io.sluice.controlplane.discovery.HealthReport;
import io.sluice.controlplane.discovery.Presence;
import io.sluice.controlplane.discovery.PresenceSettings;
import io.sluice.controlplane.fleet.Fleet;
import io.sluice.controlplane.fleet.StatusReport;
import io.sluice.controlplane.http.Bodies;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.security.AgentAuthentication;
import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.host.FactsText;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** The agents' protocol, docs/agent-protocol.md. A token names its dataplane, so no path does. */
@Hidden
@RestController
@RequestMapping("/agent/v1")
class AgentController {

  private static final int LONGEST_WAIT_SECONDS = 60;

  /** How long a poll that does not wait for news may wait for its turn. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private static final int STATUS_LIMIT = 64 * 1024;

  private final PollAnswers answers;
  private final WaitingPolls waiting;
  private final Fleet fleet;
  private final ReportedFacts hostFacts;
  private final AgentJar jar;
  private final Presence presence;
  private final Duration longestWait;

  AgentController(
      PollAnswers answers,
      WaitingPolls waiting,
      Fleet fleet,
      ReportedFacts hostFacts,
      AgentJar jar,
      Presence presence,
      PresenceSettings settings) {
    this.presence = presence;
    this.longestWait = settings.longestWait();
    this.answers = answers;
    this.hostFacts = hostFacts;
    this.waiting = waiting;
    this.fleet = fleet;
    this.jar = jar;
  }

  @GetMapping("/agent.jar")
  ResponseEntity<byte[]> jar() {
    return jar.answer();
  }

  @GetMapping("/bundle")
  DeferredResult<ResponseEntity<?>> bundle(
      @RequestAttribute(AgentAuthentication.CALLER) DataplaneToken caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
          @Nullable String ifNoneMatch,
      @RequestHeader(name = "Sluice-Facts", required = false) @Nullable String facts,
      @RequestHeader(name = "Sluice-Pack", required = false) @Nullable String packs,
      @RequestParam(defaultValue = "0") int wait) {
    if (wait < 0 || wait > LONGEST_WAIT_SECONDS) {
      throw ProblemException.badRequest(
          "wait", "must be 0 to " + LONGEST_WAIT_SECONDS + " seconds, not " + wait);
    }
    ResourceKey dataplane = key(caller);
    Known known = Known.parse(ifNoneMatch);
    fleet.polled(dataplane, known.applied());
    presence.polled(dataplane);
    Duration patience = wait == 0 ? AT_ONCE : Duration.ofSeconds(wait);
    DeferredResult<ResponseEntity<?>> result =
        new DeferredResult<>(Math.min(patience.toMillis(), longestWait.toMillis()));
    Poll poll =
        new Poll(dataplane, known, Optional.ofNullable(facts), Packs.parse(packs), caller, result);
    waiting.take(poll, wait > 0);
    return result;
  }

  @PutMapping("/facts")
  ResponseEntity<Void> facts(
      @RequestAttribute(AgentAuthentication.CALLER) DataplaneToken caller,
      HttpServletRequest request) {
    hostFacts.put(caller, Bodies.read(request, FactsText.LIMIT));
    return ResponseEntity.noContent().build();
  }

  @GetMapping("/files/{digest:[0-9a-f]{64}}")
  ResponseEntity<byte[]> file(
      @RequestAttribute(AgentAuthentication.CALLER) DataplaneToken caller,
      @PathVariable String digest) {
    byte[] content =
        answers
            .object(key(caller), new Digest(digest))
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "File not found", "no bundle of this dataplane has a file " + digest));
    return ResponseEntity.ok()
        .eTag("\"" + digest + "\"")
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .body(content);
  }

  @PostMapping("/status")
  ResponseEntity<Void> status(
      @RequestAttribute(AgentAuthentication.CALLER) DataplaneToken caller,
      HttpServletRequest request) {
    byte[] body = Bodies.read(request, STATUS_LIMIT);
    StatusReport report = StatusReport.parse(body);
    fleet.reported(key(caller), report);
    presence.reported(key(caller), report, HealthReport.parse(body));
    return ResponseEntity.noContent().build();
  }

  private static ResourceKey key(DataplaneToken caller) {
    return ResourceKey.dataplane(caller.mesh(), caller.name());
  }
}
