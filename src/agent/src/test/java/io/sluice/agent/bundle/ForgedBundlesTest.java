package io.sluice.agent.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.Bundles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForgedBundlesTest {

  @TempDir Path state;

  @Test
  void anHonestPackBecomesAGeneration() throws Exception {
    Bundles.Made made = Bundles.of(Bundles.transparent(5000));

    Generation generation = receive(made.digest(), made.pack());

    assertThat(generation.digest()).isEqualTo(made.digest());
    assertThat(generation.settings().redirectPorts()).containsExactlyInAnyOrder(15001, 15006);
    assertThat(new Generations(state).open(made.digest())).isPresent();
    assertThat(state.resolve("incoming")).doesNotExist();
  }

  @Test
  void onlyWhatIsMissingIsAskedFor() throws Exception {
    Bundles.Made made = Bundles.of(Bundles.explicit(1, 2));
    Map<String, byte[]> objects = new HashMap<>(made.objects());
    String settings = Digest.of(Bundles.EXPLICIT.getBytes(StandardCharsets.UTF_8)).hex();
    byte[] left = objects.remove(settings);

    Generation generation =
        new Generations(state)
            .receive(
                made.digest(),
                new ByteArrayInputStream(Bundles.zip(objects)),
                null,
                digest -> {
                  assertThat(digest.hex()).isEqualTo(settings);
                  return new ByteArrayInputStream(left);
                });

    assertThat(generation.read("agent.properties")).isEqualTo(left);
  }

  @Test
  void anUnchangedFileIsTakenFromTheGenerationBefore() throws Exception {
    Bundles.Made first = Bundles.of(Bundles.explicit(1, 2));
    Generation base = receive(first.digest(), first.pack());
    Bundles.Made second = Bundles.of(Bundles.explicit(1, 3));
    Map<String, byte[]> difference = new HashMap<>(second.objects());
    difference.keySet().removeAll(first.objects().keySet());

    Generation generation =
        new Generations(state)
            .receive(
                second.digest(),
                new ByteArrayInputStream(Bundles.zip(difference)),
                base,
                ForgedBundlesTest::none);

    assertThat(generation.digest()).isEqualTo(second.digest());
  }

  @Test
  void whatABundleThatWasNeverMadeDurableBroughtIsMadeDurableWithTheNext() throws Exception {
    Bundles.Made first = Bundles.of(Bundles.explicit(1, 2));
    receive(first.digest(), first.pack());
    Bundles.Made second = Bundles.of(Bundles.explicit(1, 3));
    Map<String, byte[]> difference = new HashMap<>(second.objects());
    difference.keySet().removeAll(first.objects().keySet());
    Generation generation = receive(second.digest(), Bundles.zip(difference));
    // What is not there can't be made durable, and so tells that it is tried.
    Files.delete(object(Bundles.EXPLICIT));

    assertThatThrownBy(generation::makeDurable).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aBundleThatWasNeverAppliedIsMadeDurableWhenItIsOpened() throws Exception {
    Bundles.Made made = Bundles.of(Bundles.explicit(1, 2));
    receive(made.digest(), made.pack());
    Generation generation = new Generations(state).open(made.digest()).orElseThrow();
    Files.delete(object(Bundles.EXPLICIT));

    assertThatThrownBy(generation::makeDurable).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aBundleOfAnAgentThatHadAFolderForEachIsGoneOnWith() throws Exception {
    Map<String, String> files = Bundles.explicit(1, 2);
    Bundles.Made first = Bundles.of(files);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = state.resolve("generations/" + first.digest()).resolve(file.getKey());
      Files.createDirectories(java.util.Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
    Generations generations = new Generations(state);
    Generation base = generations.open(first.digest()).orElseThrow();
    files.putAll(Bundles.service("mesh/", "web", 3, 4));
    Bundles.Made second = Bundles.of(files);

    generations.receive(
        second.digest(),
        new ByteArrayInputStream(second.difference(first)),
        base,
        digest -> new ByteArrayInputStream(second.objects().get(digest.hex())));
    generations.prune(second.digest());

    assertThat(new Generations(state).open(second.digest())).isPresent();
    assertThat(base.read("agent.properties")).asString().isEqualTo(Bundles.EXPLICIT);
  }

  @Test
  void aFileThatWasChangedOnDiskIsNotRead() throws Exception {
    Bundles.Made made = Bundles.of(Bundles.explicit(1, 2));
    Generation generation = receive(made.digest(), made.pack());
    Path file = object(Bundles.EXPLICIT);
    Files.writeString(file, "mode=none\n");

    assertThatThrownBy(generation::settings)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was changed on this host");
    assertThat(new Generations(state).open(made.digest())).isEmpty();
  }

  @Test
  void aFileThatWasChangedOnDiskIsFetchedWithTheNextBundle() throws Exception {
    Bundles.Made first = Bundles.of(Bundles.explicit(1, 2));
    Generations generations = new Generations(state);
    Generation base = receive(generations, first.digest(), first.pack(), null);
    Files.writeString(object(Bundles.EXPLICIT), "mode=none\n");
    assertThatThrownBy(() -> base.read("agent.properties")).isInstanceOf(IOException.class);
    Bundles.Made second = Bundles.of(Bundles.explicit(1, 3));

    Generation generation =
        generations.receive(
            second.digest(),
            new ByteArrayInputStream(second.difference(first)),
            base,
            digest -> new ByteArrayInputStream(second.objects().get(digest.hex())));

    assertThat(generation.read("agent.properties")).asString().isEqualTo(Bundles.EXPLICIT);
  }

  @Test
  void aDifferenceMakesTheBundleThatAWholePackMakes() throws Exception {
    Map<String, String> files = Bundles.explicit(1, 2);
    files.put("dns/hosts", "240.0.0.1 a.mesh\n");
    Bundles.Made first = Bundles.of(files);
    files.remove("dns/hosts");
    files.put("envoy/endpoints/in.json", Bundles.endpoints("in", 3));
    files.put("mesh/clusters/web.json", Bundles.cluster("web"));
    Bundles.Made second = Bundles.of(files);
    Generation base = receive(first.digest(), first.pack());

    receive(new Generations(state), second.digest(), second.difference(first), base);

    Generation read = new Generations(state).open(second.digest()).orElseThrow();
    assertThat(read.tree().files().keySet()).containsExactlyInAnyOrderElementsOf(files.keySet());
    assertThat(read.read("mesh/clusters/web.json")).asString().isEqualTo(Bundles.cluster("web"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-  dns/hosts\n",
        "-  ../agent.properties\n",
        "%s  /etc/passwd\n",
        "%s  agent.properties/deeper\n",
        "%s  b\n%1$s  a\n",
        "%s  a\n",
        "nothing\n"
      })
  void aDifferenceThatDoesNotLeadToTheBundleIsAskedForOtherwise(String text) throws Exception {
    Bundles.Made first = Bundles.of(Bundles.explicit(1, 2));
    Generation base = receive(first.digest(), first.pack());
    byte[] content = new byte[0];
    String difference = String.format(text, Digest.of(content));
    byte[] pack =
        Bundles.zip(
            Map.of(
                "difference",
                difference.getBytes(StandardCharsets.UTF_8),
                Digest.of(content).hex(),
                content));

    assertThatThrownBy(() -> receive(new Generations(state), Digest.of(new byte[1]), pack, base))
        .isInstanceOf(UnfitDifferenceException.class);
  }

  @Test
  void whatNoKeptGenerationNeedsIsDeleted() throws Exception {
    Generations generations = new Generations(state);
    Bundles.@Nullable Made before = null;
    @Nullable Generation base = null;
    for (int port = 1; port < 7; port++) {
      Bundles.Made made = Bundles.of(Bundles.explicit(1, port));
      base =
          receive(
              generations,
              made.digest(),
              before == null ? made.pack() : made.difference(before),
              base);
      generations.prune(made.digest());
      before = made;
    }

    assertThat(object(Bundles.endpoints("in", 6))).exists();
    assertThat(object(Bundles.endpoints("in", 1))).doesNotExist();
    assertThat(object(Bundles.EXPLICIT)).exists();
    // Settings, bootstrap, a listener and a cluster with their folders' manifests; and of each of
    // three generations the endpoints and the manifests above them.
    try (var objects = Files.list(state.resolve("objects"))) {
      assertThat(objects).hasSize(4 + 2 + 3 * (1 + 3));
    }
  }

  private Path object(String content) {
    return state.resolve("objects/" + Digest.of(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anEntryThatLiesAboutItsContentIsRefused() {
    Bundles.Made made = Bundles.of(Bundles.explicit(1, 2));
    Map<String, byte[]> objects = new HashMap<>(made.objects());
    objects.replaceAll((name, content) -> "forged".getBytes(StandardCharsets.UTF_8));

    assertRefused(made.digest(), Bundles.zip(objects), "has another digest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "agent.properties", "ABCDEF"})
  void anEntryThatIsNotNamedByADigestIsRefused(String name) {
    assertRefused(
        Digest.of(new byte[0]), Bundles.zip(Map.of(name, new byte[1])), "not named by a digest");
  }

  @Test
  void aTruncatedPackIsNoRefusalButAFailure() {
    Bundles.Made made = Bundles.of(Bundles.explicit(1, 2));
    byte[] half = Arrays.copyOf(made.pack(), made.pack().length / 3);

    assertThatThrownBy(() -> receive(made.digest(), half)).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoZipIsRefused() {
    assertRefused(Digest.of(new byte[0]), "hello".getBytes(StandardCharsets.UTF_8), "not a zip");
  }

  @Test
  void aZipBombIsRefusedBeforeItIsOnDisk() {
    byte[] zeros = new byte[Limits.MANIFEST_BYTES + 1];

    assertRefused(
        Digest.of(zeros), Bundles.zip(Map.of(Digest.of(zeros).hex(), zeros)), "larger than");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() {
    Map<String, String> files = Bundles.explicit(1, 2);
    files.put("envoy/clusters/large.json", " ".repeat(Limits.FILE_BYTES + 1));
    Bundles.Made made = Bundles.of(files);

    assertRefused(made.digest(), made.pack(), "larger than 4 MiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s  ../evil\n",
        "%s  /etc/passwd\n",
        "%s  a/b\n",
        "%s  .hidden\n",
        "%s  Upper\n",
        "%s  a\n%1$s  a\n",
        "%s  b\n%1$s  a\n",
        "%s  a\n%1$s  a/\n",
        "%s a\n",
        "%s  a",
        "%s  \n",
        "nothing\n"
      })
  void aManifestThatNoRendererWritesIsRefused(String text) {
    String digest = Digest.of(new byte[0]).hex();
    byte[] manifest = String.format(text, digest).getBytes(StandardCharsets.UTF_8);
    Map<String, byte[]> objects = Map.of(Digest.of(manifest).hex(), manifest, digest, new byte[0]);

    assertThatThrownBy(() -> receive(Digest.of(manifest), Bundles.zip(objects)))
        .isInstanceOf(RefusedException.class);
    assertThat(state.resolve("generations")).doesNotExist();
  }

  @Test
  void foldersThatNestTooDeepAreRefused() {
    Map<String, String> files = Bundles.explicit(1, 2);
    files.put("a/b/c/d/e/f/g/h/i", "deep");
    Bundles.Made made = Bundles.of(files);

    assertRefused(made.digest(), made.pack(), "nest deeper");
  }

  @Test
  void foldersThatMultiplyAreRefused() {
    Map<String, byte[]> objects = new HashMap<>();
    byte[] content = new byte[0];
    objects.put(Digest.of(content).hex(), content);
    StringBuilder leaf = new StringBuilder();
    for (int i = 1000; i < 1100; i++) {
      leaf.append(Digest.of(content)).append("  f").append(i).append('\n');
    }
    byte[] manifest = leaf.toString().getBytes(StandardCharsets.UTF_8);
    objects.put(Digest.of(manifest).hex(), manifest);
    for (int level = 0; level < 4; level++) {
      StringBuilder folder = new StringBuilder();
      for (int i = 1000; i < 1100; i++) {
        folder.append(Digest.of(manifest)).append("  d").append(i).append("/\n");
      }
      manifest = folder.toString().getBytes(StandardCharsets.UTF_8);
      objects.put(Digest.of(manifest).hex(), manifest);
    }

    assertRefused(Digest.of(manifest), Bundles.zip(objects), "more than 65536");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format=2",
        "mode=ebpf",
        "proxy-user=0",
        "proxy-user=a b",
        "drain-seconds=3601",
        "drain-seconds=-1",
        "redirect.inbound.port=0",
        "redirect.inbound.port=15001",
        "redirect.outbound.port=65536",
        "redirect.dns.port=15001",
        "redirect.dns.interfaces=docker0",
        "on-proxy-failure=maybe",
        "drift=ignore",
        "probe.10.0.0.1:80=app.example:80 1000 2000 1 1",
        "probe.10.0.0.1:80=10.0.0.1:80 99 2000 1 1",
        "probe.10.0.0.1:80=10.0.0.1:80 1000 0 1 1",
        "probe.10.0.0.1:80=10.0.0.1:80 1000 2000 0 1",
        "probe.10.0.0.1:80=10.0.0.1:80",
        "probe.10.0.0.1=10.0.0.1:80 1000 2000 1 1",
        "probe.10.0.0.1:70000=10.0.0.1:80 1000 2000 1 1",
        "probe.[10.0.0.1]:80=10.0.0.1:80 1000 2000 1 1",
        "exec=/bin/sh"
      })
  void settingsOutsideTheClosedSetAreRefused(String line) {
    String key = line.substring(0, line.indexOf('=') + 1);
    StringBuilder text = new StringBuilder(line).append('\n');
    Bundles.TRANSPARENT
        .lines()
        .filter(other -> !other.startsWith(key))
        .forEach(other -> text.append(other).append('\n'));

    assertThatThrownBy(() -> Settings.parse(text.toString().getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(key.substring(0, key.length() - 1));
  }

  @Test
  void dnsHasAPortThatRulesMayRedirectTo() throws RefusedException {
    String text =
        Bundles.TRANSPARENT + "redirect.dns.port=15053\nredirect.dns.interfaces=br+,docker0\n";

    Settings settings = Settings.parse(text.getBytes(StandardCharsets.UTF_8));

    assertThat(settings.dns())
        .contains(new Settings.Dns(15053, java.util.List.of("br+", "docker0")));
    assertThat(settings.ruleTargets()).containsExactlyInAnyOrder(15001, 15006, 15053);
    assertThat(settings.redirectPorts()).containsExactlyInAnyOrder(15001, 15006);
  }

  @Test
  void anApplicationIsProbedForAnInbound() throws RefusedException {
    String text =
        Bundles.EXPLICIT
            + "probe.10.0.0.1:80=127.0.0.1:8080 1000 2000 1 3\n"
            + "probe.[fd00::1]:80=[::1]:8080 100 50 2 1\n";

    Settings settings = Settings.parse(text.getBytes(StandardCharsets.UTF_8));

    assertThat(settings.probes())
        .isEqualTo(
            Map.of(
                "10.0.0.1:80",
                    new ServiceProbe(new ServiceProbe.Place("127.0.0.1", 8080), 1000, 2000, 1, 3),
                "[fd00::1]:80",
                    new ServiceProbe(new ServiceProbe.Place("::1", 8080), 100, 50, 2, 1)));
    assertThat(
            settings.configuresAs(
                Settings.parse(Bundles.EXPLICIT.getBytes(StandardCharsets.UTF_8))))
        .isTrue();
  }

  @Test
  void whatCapturingNeedsIsNothingForAHostThatDoesNotCapture() {
    assertThatThrownBy(
            () ->
                Settings.parse(
                    (Bundles.EXPLICIT + "on-proxy-failure=open\n")
                        .getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("on-proxy-failure is only for mode iptables");
  }

  @Test
  void everyViolationOfSettingsIsNamedAtOnce() {
    assertThatThrownBy(() -> Settings.parse("mode=x\nformat=7\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("format=7")
        .hasMessageContaining("mode=x")
        .hasMessageContaining("proxy-user")
        .hasMessageContaining("drain-seconds");
  }

  private void assertRefused(Digest digest, byte[] pack, String reason) {
    assertThatThrownBy(() -> receive(digest, pack))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(reason);
  }

  private Generation receive(Digest digest, byte[] pack) throws IOException, RefusedException {
    return new Generations(state)
        .receive(digest, new ByteArrayInputStream(pack), null, ForgedBundlesTest::none);
  }

  private static Generation receive(
      Generations generations, Digest digest, byte[] pack, @Nullable Generation base)
      throws IOException, RefusedException {
    return generations.receive(
        digest, new ByteArrayInputStream(pack), base, ForgedBundlesTest::none);
  }

  private static InputStream none(Digest digest) throws IOException {
    throw new IOException("the server has no " + digest);
  }
}
