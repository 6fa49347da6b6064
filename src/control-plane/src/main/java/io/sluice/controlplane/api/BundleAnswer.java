package io.sluice.controlplane.api;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A bundle as people read it. */
@Schema(description = "What the host of a dataplane is told, as a tree of files.")
record BundleAnswer(
    @Schema(description = "The name of the bundle: the SHA-256 of its root manifest") String digest,
    @Schema(
            description =
                "The store's highest revision among what it was rendered from, services of others"
                    + " left out",
            example = "2")
        long revision,
    @Schema(description = "How traffic is captured: iptables or none", example = "none")
        String mode,
    @Schema(description = "What holds for the dataplane, and who said so, ordered by path")
        List<SettingAnswer> settings,
    @Schema(
            description = "What is taken for granted until the host's agent has told what it found",
            example = "[]")
        List<String> assumptions,
    @Schema(description = "Every file, ordered by path") List<FileAnswer> files) {

  BundleAnswer {
    settings = List.copyOf(settings);
    assumptions = List.copyOf(assumptions);
    files = List.copyOf(files);
  }

  /** One setting of a MeshTransparentProxy. */
  @Schema(name = "EffectiveSetting", description = "One value that holds for a dataplane.")
  record SettingAnswer(
      @Schema(description = "Within `spec.default`", example = "redirect.inbound.port") String path,
      @Schema(
              description = "As a document writes it",
              example = "15006",
              implementation = Object.class)
          JsonNode value,
      @Schema(
              description = "The resource that said so: the type and the name, or `default`",
              example = "MeshTransparentProxy virtual-machines")
          String origin) {}

  /** One file. */
  record FileAnswer(
      @Schema(example = "agent.properties") String path,
      @Schema(description = "The SHA-256 of the content") String digest,
      @Schema(description = "Bytes", example = "57") int size,
      @Schema(description = "The content") String text) {}

  static BundleAnswer of(
      Bundle bundle, EffectiveTransparentProxy effective, List<String> assumptions, long revision) {
    return new BundleAnswer(
        bundle.digest().hex(),
        revision,
        effective.mode().name().toLowerCase(Locale.ROOT),
        effective.values().entrySet().stream()
            .map(
                setting ->
                    new SettingAnswer(
                        setting.getKey(),
                        setting.getValue(),
                        effective
                            .origins()
                            .getOrDefault(setting.getKey(), EffectiveTransparentProxy.DEFAULT)))
            .toList(),
        assumptions,
        files(bundle));
  }

  private static List<FileAnswer> files(Bundle bundle) {
    List<FileAnswer> files = new ArrayList<>();
    bundle
        .root()
        .forEachFile(
            (path, content) ->
                files.add(
                    new FileAnswer(
                        path, content.digest().hex(), content.bytes().length, content.text())));
    return files;
  }
}
