package io.sluice.benchmarks.micro;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.OwnPart;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one endpoint's change costs rendering in a mesh of 1,000 services with 10 endpoints each,
 * all of which every host reaches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EndpointSteps {

  private static final int SERVICES = 1_000;
  private static final int ENDPOINTS = 10;
  private static final int HOSTS = 1_000;

  private final BundleRenderer renderer = new BundleRenderer();
  private final Mesh mesh = (Mesh) resource("type: Mesh\nname: default\n");
  private final List<Dataplane> hosts =
      IntStream.range(0, HOSTS).mapToObj(number -> dataplane(number, 8080)).toList();
  private final List<OwnPart> owns =
      hosts.stream().map(host -> renderer.own(mesh, host, List.of(), Optional.empty())).toList();
  private Catalogue catalogue = mesh();
  private final Sight before = Sight.of(catalogue, hosts.getFirst());
  private final Bundle first = renderer.bundle(owns.getFirst(), before);
  private final Bundle second =
      renderer.bundle(
          owns.getFirst(), Sight.of(catalogue.with(dataplane(SERVICES, 8081)), hosts.getFirst()));

  private int edits;
  private int next;

  /** An endpoint moves, and the first host that sees it is rendered. */
  @Benchmark
  public Bundle changeForTheFirstHost() {
    edits++;
    catalogue = catalogue.with(dataplane(SERVICES, 8080 + edits % 100));
    return renderer.bundle(owns.getFirst(), Sight.of(catalogue, hosts.getFirst()));
  }

  /** Each further host with the same reach. */
  @Benchmark
  public Bundle changeForAnotherHost() {
    next = (next + 1) % HOSTS;
    return renderer.bundle(owns.get(next), before);
  }

  /** What is sent to a host. */
  @Benchmark
  public String difference() {
    return Difference.between(first, second).text();
  }

  private static Catalogue mesh() {
    Catalogue mesh = Catalogue.empty();
    for (int number = 0; number < SERVICES * ENDPOINTS; number++) {
      mesh = mesh.with(dataplane(number, 8080));
    }
    for (int service = 0; service < SERVICES; service++) {
      mesh =
          mesh.with(
              new VirtualAddress(
                  "default",
                  "service-%d.mesh".formatted(service),
                  IpAddress.parse("240.0.%d.%d".formatted(service >> 8, service & 0xff))
                      .orElseThrow(),
                  IpAddress.parse("fd00:5:1::%x".formatted(service + 1)).orElseThrow(),
                  null));
    }
    return mesh;
  }

  private static Dataplane dataplane(int number, int port) {
    return (Dataplane)
        resource(
            """
            type: Dataplane
            mesh: default
            name: dp-%05d
            networking:
              address: 10.%d.%d.%d
              inbound:
              - port: %d
                tags: {kuma.io/service: service-%d, kuma.io/protocol: http, version: v1}
              transparentProxying:
                redirectPortInbound: 15006
                redirectPortOutbound: 15001
            """
                .formatted(
                    number,
                    number >> 16,
                    (number >> 8) & 0xff,
                    number & 0xff,
                    port,
                    number % SERVICES));
  }

  private static Object resource(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
