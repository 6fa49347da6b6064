package io.sluice.controlplane.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Folder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {

  private static final Bundle SMALL = mesh(10);
  private static final Bundle LARGE = mesh(1_000);
  private static final Deflations SHARED = new Deflations();

  @Test
  void aWholePackHasEveryManifestAndFile() throws IOException {
    assertThat(names(Pack.whole(LARGE, SHARED))).hasSize(1_004);
  }

  @Test
  void aHostWithAnUnknownBundleIsSentAllOfASmallMesh() throws IOException {
    assertThat(bytes(Pack.outline(SMALL, SHARED))).isEqualTo(bytes(Pack.whole(SMALL, SHARED)));
  }

  @Test
  void aHostWithAnUnknownBundleIsSentTheManifestsOfALargeMeshAndItsOwnFiles() throws IOException {
    Folder mesh = (Folder) LARGE.root().get("mesh").orElseThrow();

    assertThat(names(Pack.outline(LARGE, SHARED)))
        .containsExactlyInAnyOrder(
            LARGE.digest().hex(),
            mesh.digest().hex(),
            mesh.get("endpoints").orElseThrow().digest().hex(),
            Content.of("own").digest().hex());
  }

  @Test
  void whatTwoBundlesShareIsInNoPack() throws IOException {
    Bundle changed = Bundle.of(LARGE.root().with("agent.properties", Content.of("other")));

    assertThat(names(Pack.since(LARGE, changed, SHARED)))
        .containsExactlyInAnyOrder(changed.digest().hex(), Content.of("other").digest().hex());
  }

  @Test
  void aDifferenceHasNoManifests() throws IOException {
    Bundle changed = Bundle.of(LARGE.root().with("agent.properties", Content.of("other")));

    assertThat(names(Pack.of(Difference.between(LARGE, changed))))
        .containsExactlyInAnyOrder("difference", Content.of("other").digest().hex());
  }

  @Test
  void whatManyBundlesHaveIsCompressedOnceForAllPacks() {
    Deflations shared = new Deflations();
    Pack.whole(LARGE, shared);
    Folder mesh = (Folder) LARGE.root().get("mesh").orElseThrow();

    assertThat(shared.of(mesh)).isSameAs(shared.of(mesh));
    assertThat(shared.size()).isEqualTo(1_002);
  }

  @Test
  void aPackIsReadFromItsBeginningAsAgentsDoAndByItsDirectory(@TempDir Path folder)
      throws IOException {
    byte[] pack = bytes(Pack.whole(SMALL, SHARED));
    Map<String, String> contents = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        contents.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }

    assertThat(contents).hasSize(14).containsEntry(Content.of("own").digest().hex(), "own");
    try (ZipFile zip = new ZipFile(Files.write(folder.resolve("pack.zip"), pack).toFile())) {
      assertThat(zip.size()).isEqualTo(14);
      for (Map.Entry<String, String> each : contents.entrySet()) {
        assertThat(zip.getInputStream(zip.getEntry(each.getKey()))).hasContent(each.getValue());
      }
    }
  }

  private static Bundle mesh(int services) {
    Map<String, String> files = new HashMap<>(Map.of("agent.properties", "own"));
    for (int i = 0; i < services; i++) {
      files.put("mesh/endpoints/service-" + i + ".json", "endpoints of " + i);
    }
    return Bundle.of(files);
  }

  private static byte[] bytes(Pack pack) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(pack.writeTo(bytes)).isEqualTo(bytes.size());
    return bytes.toByteArray();
  }

  private static SortedSet<String> names(Pack pack) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(pack)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
