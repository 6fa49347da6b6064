package io.sluice.rendering.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.BundleRenderer;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.services.Catalogue;
import io.sluice.rendering.services.Sight;
import io.sluice.rendering.trace.RandomPacket.Sent;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.transparentproxy.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random packets over random configurations: sent for real, and traced. */
class KernelAgreementTest {

  private static final int PACKETS = 50;
  private static final long SEED = 20_261_123;

  private static final Mesh MESH = (Mesh) resource("{type: Mesh, name: default}");
  private static final Dataplane DATAPLANE =
      (Dataplane)
          resource(
              """
              type: Dataplane
              mesh: default
              name: web-01
              networking:
                address: 10.77.0.2
                inbound:
                - port: 5000
                  serviceAddress: 127.0.0.1
                  tags: {kuma.io/service: web}
              """);

  @TempDir private Path folder;
  private final Map<String, Integer> verdicts = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();

  @Test
  void aTenthOfTheRandomPacketsArriveWhereTheTracerSays() throws Exception {
    sendAndTrace(4);
  }

  @Test
  @Tag("long")
  void allRandomPacketsArriveWhereTheTracerSays() throws Exception {
    sendAndTrace(40);

    assertThat(verdicts.keySet())
        .as("every verdict occurs")
        .contains(
            "untouched", "redirected to INBOUND", "redirected to OUTBOUND", "redirected to DNS");
  }

  private void sendAndTrace(int configurations) throws Exception {
    for (int half = 0; half < 2; half++) {
      String backend = half == 0 ? "nft" : "legacy";
      try (Lab lab = new Lab(Files.createDirectory(folder.resolve(backend)), backend)) {
        Sender sender = new Sender(lab);
        sender.waitForTheNetwork();
        for (int i = half; i < configurations; i += 2) {
          configuration(lab, sender, new Random(SEED + i));
        }
      }
    }
    System.out.printf(
        "kernel agreement: %d configurations x %d packets: %s; %d differ%n",
        configurations, PACKETS, verdicts, differences.size());
    assertThat(differences).isEmpty();
  }

  private void configuration(Lab lab, Sender sender, Random random) throws Exception {
    RandomConf conf = new RandomConf(random);
    List<MeshTransparentProxy> policies = List.of(conf.policy());
    Optional<HostFacts> facts = Optional.of(conf.facts());
    Bundle bundle =
        new BundleRenderer()
            .render(MESH, DATAPLANE, policies, facts, Sight.of(Catalogue.empty(), DATAPLANE));
    PacketTracer tracer =
        new PacketTracer(MESH, DATAPLANE, policies, facts, Sight.of(Catalogue.empty(), DATAPLANE));
    RandomPacket packets = new RandomPacket(random);
    lab.clear();
    Sent open = packets.later();
    try (Sender.Kept connection = sender.keep(open.from(), open.packet(), open.uid(), open.gid())) {
      lab.load(rules(bundle, "iptables/v4.rules"), rules(bundle, "iptables/v6.rules"));
      compare(
          tracer,
          policies,
          open.as(Transport.TCP, open.packet().port(), ConnectionState.NEW),
          connection.place());
      compare(tracer, policies, open, connection.place());
    }
    for (int i = 2; i < PACKETS; i++) {
      Sent sent = i < 6 ? packets.invalid() : packets.next();
      compare(
          tracer, policies, sent, sender.place(sent.from(), sent.packet(), sent.uid(), sent.gid()));
    }
  }

  private void compare(
      PacketTracer tracer, List<MeshTransparentProxy> policies, Sent sent, String real) {
    Trace trace = tracer.trace(sent.packet());
    verdicts.merge(name(trace.verdict()), 1, Integer::sum);
    String expected = place(trace.verdict(), sent);
    if (!real.equals(expected)) {
      differences.add(
          "%s%nreally arrived at %s, not %s%n%s%n%s"
              .formatted(sent, real, expected, TraceText.of(trace), policies));
    }
  }

  private static String place(Verdict verdict, Sent sent) {
    return switch (verdict) {
      case Verdict.Untouched() -> sent.to() + ":" + sent.packet().port();
      case Verdict.Redirected redirected -> "host:" + redirected.port();
      case Verdict.Dropped() -> Sender.NOWHERE;
    };
  }

  private static String name(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Untouched() -> "untouched";
      case Verdict.Redirected redirected -> "redirected to " + redirected.to();
      case Verdict.Dropped() -> "dropped";
    };
  }

  private static String rules(Bundle bundle, String path) {
    return bundle.files().containsKey(path) ? bundle.text(path) : "";
  }

  private static Object resource(String yaml) {
    byte[] text = yaml.getBytes(StandardCharsets.UTF_8);
    return ResourceReader.read(DocumentReader.read(text, Format.YAML)).resource();
  }
}
