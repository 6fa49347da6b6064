package io.sluice.benchmarks.micro;

import io.sluice.benchmarks.scenario.SampleMesh;
import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.resources.codec.ReadResult;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.codec.ResourceWriter;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import io.sluice.resources.mesh.Mesh;
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
import tools.jackson.databind.node.ObjectNode;

/** What one edit costs in the control plane, without database and network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EditSteps {

  private static final String MESH = "{\"type\": \"Mesh\", \"name\": \"default\"}";

  private final BundleRenderer renderer = new BundleRenderer();
  private final byte[] json = SampleMesh.document(1, 8081);
  private final ObjectNode tree = DocumentReader.read(json, Format.JSON);
  private final byte[] yaml =
      DocumentWriter.write(tree, Format.YAML).getBytes(StandardCharsets.UTF_8);
  private final Dataplane dataplane = (Dataplane) ResourceReader.read(tree).resource();
  private final Mesh mesh =
      (Mesh)
          ResourceReader.read(
                  DocumentReader.read(MESH.getBytes(StandardCharsets.UTF_8), Format.JSON))
              .resource();

  /** More than the renderer remembers anything of. */
  private final List<Dataplane> others =
      IntStream.rangeClosed(1, 1_000).mapToObj(EditSteps::dataplane).toList();

  private int next;

  /** Bytes of JSON to a tree. */
  @Benchmark
  public ObjectNode readJson() {
    return DocumentReader.read(json, Format.JSON);
  }

  /** Bytes of YAML to a tree. */
  @Benchmark
  public ObjectNode readYaml() {
    return DocumentReader.read(yaml, Format.YAML);
  }

  /** A tree to a valid resource. */
  @Benchmark
  public ReadResult validate() {
    return ResourceReader.read(tree);
  }

  /** A resource to text, as a list has a hundred of them. */
  @Benchmark
  public String write() {
    return DocumentWriter.write(ResourceWriter.tree(dataplane), Format.JSON);
  }

  /** Resources to a bundle, with the digests of its files: another dataplane's each time. */
  @Benchmark
  public Bundle render() {
    next = (next + 1) % others.size();
    Dataplane each = others.get(next);
    return renderer.render(
        mesh, each, List.of(), Optional.empty(), Sight.of(Catalogue.empty(), each));
  }

  private static Dataplane dataplane(int number) {
    return (Dataplane)
        ResourceReader.read(DocumentReader.read(SampleMesh.document(number, 8081), Format.JSON))
            .resource();
  }
}
