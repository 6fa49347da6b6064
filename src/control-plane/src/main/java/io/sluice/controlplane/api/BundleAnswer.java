package io.sluice.controlplane.api;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Digest;
import io.sluice.resources.dataplane.Mode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A bundle as people read it. */
@Schema(description = "What the host of a dataplane is told, as a tree of files.")
record BundleAnswer(
    @Schema(description = "The name of the bundle: the SHA-256 of its root manifest") String digest,
    @Schema(
            description = "The store's highest revision among what it was rendered from",
            example = "2")
        long revision,
    @Schema(description = "How traffic is captured: iptables or none", example = "none")
        String mode,
    @Schema(description = "Every file, ordered by path") List<FileAnswer> files) {

  BundleAnswer {
    files = List.copyOf(files);
  }

  /** One file. */
  record FileAnswer(
      @Schema(example = "agent.properties") String path,
      @Schema(description = "The SHA-256 of the content") String digest,
      @Schema(description = "Bytes", example = "57") int size,
      @Schema(description = "The content") String text) {}

  static BundleAnswer of(Bundle bundle, Mode mode, long revision) {
    return new BundleAnswer(
        bundle.digest().hex(),
        revision,
        mode.name().toLowerCase(Locale.ROOT),
        bundle.files().entrySet().stream()
            .map(file -> file(bundle, file.getKey(), file.getValue()))
            .toList());
  }

  private static FileAnswer file(Bundle bundle, String path, Digest digest) {
    String text = bundle.text(path);
    return new FileAnswer(path, digest.hex(), text.getBytes(StandardCharsets.UTF_8).length, text);
  }
}
