package io.sluice.rendering.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.bundle.Bundle;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BundleDiffTest {

  private static final Optional<Bundle> OLD =
      Optional.of(
          Bundle.of(Map.of("agent.properties", "a=1\n", "envoy/a.json", "{\"a\":1,\"b\":2}")));

  @Test
  void aFileThatDiffersHasItsPathOnBothSides() {
    Optional<Bundle> next =
        Optional.of(
            Bundle.of(Map.of("agent.properties", "a=2\n", "envoy/a.json", "{\"a\":1,\"b\":2}")));

    assertThat(diff(OLD, next))
        .isEqualTo(
            Map.of(
                "agent.properties",
                """
                --- a/m/n/agent.properties
                +++ b/m/n/agent.properties
                @@ -1 +1 @@
                -a=1
                +a=2
                """));
  }

  @Test
  void jsonIsComparedFieldByField() {
    Optional<Bundle> next =
        Optional.of(
            Bundle.of(Map.of("agent.properties", "a=1\n", "envoy/a.json", "{\"a\":1,\"b\":3}")));

    assertThat(diff(OLD, next))
        .isEqualTo(
            Map.of(
                "envoy/a.json",
                """
                --- a/m/n/envoy/a.json
                +++ b/m/n/envoy/a.json
                @@ -1,4 +1,4 @@
                 {
                   "a" : 1,
                -  "b" : 2
                +  "b" : 3
                 }
                """));
  }

  @Test
  void aFileThatComesOrGoesIsComparedWithNoFile() {
    Optional<Bundle> next =
        Optional.of(Bundle.of(Map.of("agent.properties", "a=1\n", "new", "x\n")));

    assertThat(diff(OLD, next).get("new")).startsWith("--- /dev/null\n+++ b/m/n/new\n");
    assertThat(diff(OLD, next).get("envoy/a.json"))
        .startsWith("--- a/m/n/envoy/a.json\n+++ /dev/null\n");
  }

  @Test
  void allFilesOfANewBundleAreNew() {
    assertThat(diff(Optional.empty(), OLD)).containsOnlyKeys("agent.properties", "envoy/a.json");
  }

  @Test
  void whatIsBeyondTheRoomIsLeftOutAndStillCounted() {
    BundleDiff diff = new BundleDiff("m/n/", Optional.empty(), OLD);

    assertThat(diff.files(1)).hasSize(1);
    assertThat(diff.paths()).hasSize(2);
  }

  private static Map<String, String> diff(Optional<Bundle> before, Optional<Bundle> after) {
    return new BundleDiff("m/n/", before, after).files(Integer.MAX_VALUE);
  }
}
