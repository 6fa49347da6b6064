package io.sluice.rendering.services;

/** Why an inbound takes no traffic at the moment. */
public enum Absence {
  /** Its {@code state} is NotReady. */
  STATE,
  /** Its {@code health.ready} is false. */
  HEALTH,
  /** It has a {@code serviceProbe}, and the application was not found to answer. */
  PROBE,
  /** The dataplane's agent was not heard for too long, or has said that Envoy is down. */
  AWAY,
  /** The dataplane's agent has said goodbye. */
  GONE,
  /** The name by which others dial it has no known address. */
  UNRESOLVED,
  /** It listens where others can't dial it, such as on loopback, and advertises nothing else. */
  UNREACHABLE
}
