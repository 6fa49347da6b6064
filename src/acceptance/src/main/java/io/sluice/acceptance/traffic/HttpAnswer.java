package io.sluice.acceptance.traffic;

import java.util.Map;

/**
 * An answer as a client saw it.
 *
 * @param headers by name, in any case
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {

  /** The application that answered, empty when it was none of ours. */
  public String application() {
    return header(EchoApplication.APPLICATION);
  }

  /** The address from which the application was called, as it saw it. */
  public String peer() {
    return header(EchoApplication.PEER);
  }

  /** The address and port at which the application was called. */
  public String local() {
    return header(EchoApplication.LOCAL);
  }

  /** Whether an Envoy stood between the client and the application. */
  public boolean throughEnvoy() {
    return header("Server").equals("envoy") || headers.containsKey("x-envoy-upstream-service-time");
  }

  private String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
