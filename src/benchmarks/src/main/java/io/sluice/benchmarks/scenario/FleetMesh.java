package io.sluice.benchmarks.scenario;

import io.sluice.benchmarks.load.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A mesh in which every second captured host reaches all services and every other one three of
 * them, with one endpoint more that moves: of the service that none of those three is.
 *
 * @param size how many captured hosts there are
 */
record FleetMesh(int size) {

  /** How many services a large mesh has; smaller ones have a host for each. */
  private static final int SERVICES = 1_000;

  private static final int REACHED = 3;
  private static final int FIRST = 5_001;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final JsonMapper JSON = JsonMapper.shared();

  static String name(int number) {
    return SampleMesh.name(number);
  }

  /** Whether the host of this name is told when the endpoint moves. */
  static boolean sees(String name) {
    return seesAll(Integer.parseInt(name.substring(name.indexOf('-') + 1)));
  }

  private static boolean seesAll(int number) {
    return number % 2 == 0;
  }

  static String address(int number) {
    return "10.%d.%d.%d".formatted(number >> 16, (number >> 8) & 0xff, number & 0xff);
  }

  /** How many are told. */
  int seeing() {
    return (size + 1) / 2;
  }

  private int services() {
    return Math.min(size, SERVICES);
  }

  /** Creates the hosts, and waits until each service has its address. */
  void fill(InetSocketAddress operators) throws IOException {
    SampleMesh.fill(operators, 0, size, this::host);
    move(operators, 0);
    try (HttpConnection connection = new HttpConnection(operators)) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!named(connection)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("not all services have an address after " + LIMIT);
        }
        pause();
      }
    }
  }

  private boolean named(HttpConnection connection) throws IOException {
    JsonNode page = JSON.readTree(connection.get("/meshes/default/names?size=1000").text());
    int addresses = 0;
    for (JsonNode name : page.path("items")) {
      addresses += name.has("ipv4") ? 1 : 0;
    }
    return addresses == services();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Moves the endpoint: an even number leads to another place than an odd one. */
  void move(InetSocketAddress operators, int edit) throws IOException {
    try (HttpConnection connection = new HttpConnection(operators)) {
      HttpConnection.Answer answer =
          connection.exchange(
              "PUT", SampleMesh.COLLECTION + "/moved", "application/json", moved(edit));
      if (answer.status() / 100 != 2) {
        throw new IOException("status " + answer.status() + ": " + answer.text());
      }
    }
  }

  private byte[] host(int number) {
    Map<String, Object> transparent = new TreeMap<>();
    transparent.put("redirectPortInbound", 15006);
    transparent.put("redirectPortOutbound", 15001);
    if (!seesAll(number)) {
      transparent.put("reachableServices", reached(number));
    }
    return document(
        name(number),
        Map.of(
            "address",
            address(number),
            "inbound",
            List.of(Map.of("port", 8080, "tags", tags(number % services()))),
            "transparentProxying",
            transparent));
  }

  /** Some of the services, and never the first. */
  private List<String> reached(int number) {
    int others = services() - 1;
    return IntStream.range(0, REACHED)
        .mapToObj(next -> service(1 + (number + next) % others))
        .distinct()
        .toList();
  }

  private byte[] moved(int edit) {
    return document(
        "moved",
        Map.of(
            "address",
            "10.200.0.1",
            "inbound",
            List.of(
                Map.of(
                    "port",
                    FIRST + Math.floorMod(edit, 2),
                    "serviceAddress",
                    "127.0.0.1",
                    "tags",
                    tags(0)))));
  }

  private static Map<String, String> tags(int service) {
    return Map.of("kuma.io/service", service(service), "kuma.io/protocol", "http");
  }

  private static String service(int number) {
    return "service-" + number;
  }

  private static byte[] document(String name, Map<String, Object> networking) {
    return JSON.writeValueAsString(
            Map.of("type", "Dataplane", "mesh", "default", "name", name, "networking", networking))
        .getBytes(StandardCharsets.UTF_8);
  }
}
