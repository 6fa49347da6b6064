package io.sluice.rendering.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  private static final Bundle BEFORE =
      Bundle.of(Map.of("a", "1", "envoy/listeners/x", "2", "mesh/endpoints/y", "3"));

  @Test
  void equalBundlesDifferInNothing() {
    assertThat(
            Difference.between(
                    BEFORE,
                    Bundle.of(Map.of("a", "1", "envoy/listeners/x", "2", "mesh/endpoints/y", "3")))
                .paths())
        .isEmpty();
  }

  @Test
  void changedNewAndRemovedFilesAreLinesInTheOrderOfPaths() {
    Bundle after =
        Bundle.of(Map.of("a", "1", "dns/hosts", "4", "envoy/w", "6", "mesh/endpoints/y", "5"));

    assertThat(Difference.between(BEFORE, after).text())
        .isEqualTo(
            """
            4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a  dns/hosts
            -  envoy/listeners/x
            e7f6c011776e8db7cd330b54174fd76f7d0216b612387a5ffcfb81e6f0919683  envoy/w
            ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d  mesh/endpoints/y
            """);
  }

  @Test
  void aFileThatBecomesAFolderIsGoneAndItsFilesAreNew() {
    Difference difference =
        Difference.between(Bundle.of(Map.of("x", "1")), Bundle.of(Map.of("x/y", "2")));

    assertThat(difference.gone()).containsExactly("x");
    assertThat(difference.present()).containsOnlyKeys("x/y");
  }
}
