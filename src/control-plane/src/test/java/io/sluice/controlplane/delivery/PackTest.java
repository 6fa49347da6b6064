package io.sluice.controlplane.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Difference;
import io.sluice.rendering.bundle.Folder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

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
    assertThat(Pack.outline(SMALL, SHARED)).isEqualTo(Pack.whole(SMALL, SHARED));
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

  private static Bundle mesh(int services) {
    Map<String, String> files = new HashMap<>(Map.of("agent.properties", "own"));
    for (int i = 0; i < services; i++) {
      files.put("mesh/endpoints/service-" + i + ".json", "endpoints of " + i);
    }
    return Bundle.of(files);
  }

  private static SortedSet<String> names(byte[] pack) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
