package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.host.EnvoyBinary;
import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostAcceptsGoldensTest {

  @TempDir private Path folder;

  static List<Golden> goldens() {
    return Golden.all();
  }

  static List<Golden> transparentGoldens() {
    return Golden.all().stream()
        .filter(golden -> golden.recorded().containsKey("iptables/v4.rules"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("transparentGoldens")
  void iptablesRestoreTakesTheRulesOfBothFamilies(Golden golden) throws IOException {
    SortedMap<String, String> files = golden.recorded();
    Files.writeString(folder.resolve("v4"), files.getOrDefault("iptables/v4.rules", ""));
    Files.writeString(folder.resolve("v6"), files.getOrDefault("iptables/v6.rules", ""));

    try (PrivateHost host = new PrivateHost(folder)) {
      Program.Result result =
          host.run(
              "iptables-restore --noflush --test v4; ip6tables-restore --noflush --test v6;"
                  + " iptables-restore --noflush v4; ip6tables-restore --noflush v6");

      assertThat(result).isEqualTo(new Program.Result(0, ""));
    }
  }

  static List<RedirectCase> redirects() {
    return RedirectCase.all();
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void bothBackendsTakeTheRulesOfEverySetting(RedirectCase redirect) throws IOException {
    SortedMap<String, String> files = redirect.recorded();
    Files.writeString(folder.resolve("v4"), files.getOrDefault("v4.rules", ""));
    Files.writeString(folder.resolve("v6"), files.getOrDefault("v6.rules", ""));

    try (PrivateHost host = new PrivateHost(folder)) {
      for (String backend : List.of("nft", "legacy")) {
        Program.Result result =
            host.run(
                """
                for family in 4 6; do
                  restore=$([ $family = 4 ] && echo iptables || echo ip6tables)-%1$s-restore
                  $restore --noflush --test v$family
                  $restore --noflush v$family
                done
                """
                    .formatted(backend));

        assertThat(result).as(backend).isEqualTo(new Program.Result(0, ""));
      }
    }
  }

  /** Validation reads no LDS and CDS files, so what they would hold is in the bootstrap here. */
  @ParameterizedTest
  @MethodSource("goldens")
  void envoyValidatesEveryListenerAndCluster(Golden golden) throws IOException {
    SortedMap<String, String> files = golden.recorded();
    String resources =
        ",\"static_resources\":{\"listeners\":[%s],\"clusters\":[%s]}}"
            .formatted(untyped(files, "listeners"), untyped(files, "clusters"));
    String bootstrap =
        files
            .getOrDefault("envoy/bootstrap.json", "")
            .replaceFirst("\"dynamic_resources\":\\{.*?}}},", "")
            .replaceFirst("}$", Matcher.quoteReplacement(resources));
    Files.writeString(folder.resolve("bootstrap.json"), bootstrap);
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().matches("(envoy|mesh)/endpoints/.*")) {
        Path live = folder.resolve(file.getKey().replaceFirst("envoy|mesh", "live"));
        Files.createDirectories(live.getParent());
        Files.writeString(live, file.getValue());
      }
    }

    Program.Result result =
        Program.run(
            folder,
            List.of(
                EnvoyBinary.find().toString(),
                "--mode",
                "validate",
                "--log-level",
                "warning",
                "--config-path",
                "bootstrap.json"));

    assertThat(result).isEqualTo(new Program.Result(0, "configuration 'bootstrap.json' OK\n"));
  }

  private static String untyped(SortedMap<String, String> files, String kind) {
    return files.entrySet().stream()
        .filter(file -> file.getKey().matches("(envoy|mesh)/" + kind + "/.*"))
        .map(file -> file.getValue().replaceFirst("\\{\"@type\":\"[^\"]*\",", "{"))
        .collect(Collectors.joining(","));
  }
}
