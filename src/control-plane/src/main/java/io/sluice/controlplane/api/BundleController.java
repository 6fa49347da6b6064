package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.settings.SettingsOnHost;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Bundles", description = "What hosts are told, before and after it is applied.")
@RestController
@RequestMapping("/meshes/{mesh}/dataplanes/{name}/_bundle")
class BundleController {

  /** How many files an error names. */
  private static final int MOST_NAMED = 50;

  private final ResourceReads reads;
  private final Bundles bundles;

  BundleController(ResourceReads reads, Bundles bundles) {
    this.reads = reads;
    this.bundles = bundles;
  }

  @Operation(
      summary = "Read the bundle of a dataplane",
      description = "All files that its host gets, with their text. The ETag is the digest.")
  @GetMapping
  ResponseEntity<BundleAnswer> bundle(@PathVariable String mesh, @PathVariable String name) {
    StoredDataplane stored = stored(mesh, name);
    Inputs inputs = stored.inputs();
    Bundle bundle = bundles.current(inputs);
    return ResponseEntity.ok()
        .eTag("\"" + bundle.digest() + "\"")
        .body(
            BundleAnswer.of(
                bundle,
                inputs.effective(),
                SettingsOnHost.of(inputs.effective(), inputs.facts()).assumptions(),
                stored.revision()));
  }

  @Operation(summary = "Read one file of the bundle")
  @GetMapping("/{*path}")
  ResponseEntity<String> file(
      @PathVariable String mesh,
      @PathVariable String name,
      @Parameter(description = "Within the bundle", example = "iptables/v4.rules") @PathVariable
          String path) {
    StoredDataplane stored = stored(mesh, name);
    Bundle bundle = bundles.current(stored.inputs());
    String file = path.substring(1);
    Content content =
        bundle
            .file(file)
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "File not found",
                        "the bundle has no file \"" + file + "\"; it has " + known(bundle)));
    return ResponseEntity.ok()
        .eTag("\"" + content.digest() + "\"")
        .contentType(MediaType.valueOf("text/plain;charset=UTF-8"))
        .body(content.text());
  }

  /** The files by name; in a large mesh there are too many to read. */
  private static String known(Bundle bundle) {
    SortedSet<String> paths = new TreeSet<>(bundle.files().keySet());
    int more = paths.size() - MOST_NAMED;
    return paths.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private StoredDataplane stored(String mesh, String name) {
    return reads.dataplane(ResourceKey.dataplane(mesh, name));
  }
}
