package io.sluice.rendering.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BundleTest {

  private static final Folder ENDPOINTS =
      Folder.of(Map.of("b.json", Content.of("two"), "a.json", Content.of("one")));

  @Test
  void aManifestListsFilesAndFoldersByNameAsSha256sumDoes() {
    Folder folder = Folder.of(Map.of("endpoints", ENDPOINTS, "a", Content.of("text")));

    assertThat(new String(folder.manifest(), UTF_8))
        .isEqualTo(
            """
            982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1  a
            %s  endpoints/
            """
                .formatted(Digest.of(ENDPOINTS.manifest())));
    assertThat(folder.digest()).isEqualTo(Digest.of(folder.manifest()));
  }

  @Test
  void aBundleOfPathsIsTheOneOfTheFoldersThatTheyName() {
    Bundle paths =
        Bundle.of(
            Map.of(
                "agent.properties",
                "x",
                "mesh/endpoints/a.json",
                "one",
                "mesh/endpoints/b.json",
                "two"));
    Bundle folders =
        Bundle.of(
            Folder.of(
                Map.of(
                    "agent.properties",
                    Content.of("x"),
                    "mesh",
                    Folder.of(Map.of("endpoints", ENDPOINTS)))));

    assertThat(paths.digest()).isEqualTo(folders.digest());
    assertThat(paths.files()).isEqualTo(folders.files());
  }

  @Test
  void everyFileIsFoundByItsPath() {
    Bundle bundle = Bundle.of(Map.of("a", "1", "mesh/b", "2", "mesh/c/d", "3"));

    assertThat(bundle.text("mesh/c/d")).isEqualTo("3");
    assertThat(bundle.file("mesh/c")).isEmpty();
    assertThat(bundle.file("mesh/e")).isEmpty();
    assertThat(bundle.file("a/b")).isEmpty();
  }

  @Test
  void everyManifestAndFileIsFoundByItsDigest() {
    Bundle bundle = Bundle.of(Folder.of(Map.of("mesh", ENDPOINTS)));

    assertThat(bundle.object(bundle.digest())).contains(bundle.root().manifest());
    assertThat(bundle.object(ENDPOINTS.digest())).contains(ENDPOINTS.manifest());
    assertThat(bundle.object(Content.of("two").digest())).contains("two".getBytes(UTF_8));
    assertThat(bundle.object(Content.of("three").digest())).isEmpty();
  }

  @Test
  void theFilesBelowAFolderAreWalkedInTheOrderOfTheirPaths() {
    Bundle bundle = Bundle.of(Map.of("mesh/x/b", "1", "mesh/x/a/c", "2", "mesh/x-y", "3"));
    List<String> paths = new ArrayList<>();

    bundle.forEachFileIn("mesh/x", (path, content) -> paths.add(path));
    bundle.forEachFileIn("mesh/none", (path, content) -> paths.add(path));

    assertThat(paths).containsExactly("mesh/x/a/c", "mesh/x/b");
  }

  @Test
  void aFolderWithAnotherFileIsTheFolderMadeOfAll() {
    assertThat(ENDPOINTS.with("c.json", Content.of("three")).without("a.json").digest())
        .isEqualTo(
            Folder.of(Map.of("b.json", Content.of("two"), "c.json", Content.of("three"))).digest());
  }

  @Test
  void aNameThatAnAgentWouldRefuseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Bundle.of(Map.of("envoy/../x", "")));
    assertThatIllegalArgumentException().isThrownBy(() -> Bundle.of(Map.of("Envoy", "")));
    assertThatIllegalArgumentException().isThrownBy(() -> Bundle.of(Map.of("/x", "")));
  }
}
