package io.sluice.benchmarks.scenario;

import io.sluice.benchmarks.load.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import tools.jackson.databind.json.JsonMapper;

/** A mesh of dataplanes that are all alike: one transparent inbound, a few tags. */
public final class SampleMesh {

  static final String COLLECTION = "/meshes/default/dataplanes";

  private static final int BATCH = 500;
  private static final JsonMapper JSON = JsonMapper.shared();

  private SampleMesh() {}

  static String name(int number) {
    return "dp-%05d".formatted(number);
  }

  static String path(int number) {
    return COLLECTION + "/" + name(number);
  }

  /** The document of a dataplane. Another service port makes it another content. */
  public static byte[] document(int number, int servicePort) {
    return JSON.writeValueAsBytes(
        Map.of(
            "type",
            "Dataplane",
            "mesh",
            "default",
            "name",
            name(number),
            "networking",
            Map.of(
                "address",
                "10.%d.%d.%d".formatted(number >> 16, (number >> 8) & 0xff, number & 0xff),
                "inbound",
                List.of(
                    Map.of(
                        "port",
                        8080,
                        "servicePort",
                        servicePort,
                        "tags",
                        Map.of(
                            "kuma.io/service",
                            "service-" + number % 100,
                            "kuma.io/protocol",
                            "http",
                            "version",
                            "v1",
                            "team",
                            "team-" + number % 7))),
                "transparentProxying",
                Map.of("redirectPortInbound", 15006, "redirectPortOutbound", 15001))));
  }

  /** Creates the dataplanes from one number up to another. */
  static void fill(InetSocketAddress operators, int from, int to) throws IOException {
    fill(operators, from, to, number -> document(number, 8080));
  }

  /** Creates what the documents with the numbers from one up to another say. */
  static void fill(InetSocketAddress operators, int from, int to, IntFunction<byte[]> documents)
      throws IOException {
    try (HttpConnection connection = new HttpConnection(operators)) {
      for (int start = from; start < to; start += BATCH) {
        StringBuilder stream = new StringBuilder();
        for (int number = start; number < Math.min(start + BATCH, to); number++) {
          stream.append("---\n");
          stream.append(new String(documents.apply(number), StandardCharsets.UTF_8)).append('\n');
        }
        HttpConnection.Answer answer =
            connection.exchange(
                "POST",
                "/apply",
                "application/yaml",
                stream.toString().getBytes(StandardCharsets.UTF_8));
        if (answer.status() / 100 != 2) {
          throw new IOException("status " + answer.status() + ": " + answer.text());
        }
      }
    }
  }
}
