package io.sluice.agent.doctor;

import io.sluice.agent.protocol.ControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether the control plane answers, knows this agent, and has the same time. */
final class ControlPlaneCheck {

  private static final Duration LATE = Duration.ofSeconds(30);
  private static final Duration TOO_LATE = Duration.ofMinutes(5);

  private ControlPlaneCheck() {}

  static List<Finding> findings(ControlPlane controlPlane) {
    List<Finding> findings = new ArrayList<>();
    try {
      ControlPlane.Visit visit = controlPlane.visit();
      findings.add(answer(visit));
      findings.add(clock(visit.date()));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              "control-plane",
              e.getMessage() == null ? e.toString() : e.getMessage(),
              "check --control-plane, --ca-fingerprint, the network, and what stands in between"));
    }
    return findings;
  }

  private static Finding answer(ControlPlane.Visit visit) {
    return switch (visit.status()) {
      case 200, 304, 428 -> Finding.ok("control-plane", "answers, and knows this dataplane");
      case 404 ->
          Finding.warning(
              "control-plane",
              "answers, but has no such dataplane",
              "put the Dataplane that the token was made for");
      case 410 ->
          Finding.warning(
              "control-plane",
              switch (visit.deletion()) {
                case OPERATOR -> "answers: the dataplane was deleted";
                case COLLECTION ->
                    "answers: the dataplane was collected, since this host was not heard for long";
                case GOODBYE -> "answers: the dataplane went with its agent's goodbye";
              },
              "put it again, or uninstall");
      case 401, 403 ->
          Finding.wrong(
              "control-plane",
              "does not take the token",
              "make a new one and put it into the token's file");
      default ->
          Finding.wrong(
              "control-plane",
              "answers with HTTP status " + visit.status(),
              "see the control plane's log");
    };
  }

  private static Finding clock(String date) {
    Instant theirs;
    try {
      theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    } catch (DateTimeParseException e) {
      return Finding.ok("clock", "not compared: the control plane does not tell its time");
    }
    Duration apart = Duration.between(theirs, Instant.now()).abs();
    String says = apart.toSeconds() + " s from the control plane's";
    if (apart.compareTo(LATE) < 0) {
      return Finding.ok("clock", says);
    }
    String mend = "set the clock (timedatectl set-ntp true): tokens and certificates have times";
    return apart.compareTo(TOO_LATE) < 0
        ? Finding.warning("clock", says, mend)
        : Finding.wrong("clock", says, mend);
  }
}
