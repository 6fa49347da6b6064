package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.http.DocumentTypes;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.trace.Packet;
import io.sluice.rendering.trace.PacketReader;
import io.sluice.rendering.trace.PacketTracer;
import io.sluice.rendering.trace.Trace;
import io.sluice.rendering.trace.TraceText;
import io.sluice.resources.validation.InvalidResource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Inspection")
@RestController
@RequestMapping("/meshes/{mesh}/dataplanes/{name}/_trace")
class TraceController {

  private static final String SUMMARY = "Ask what becomes of a packet";
  private static final String DESCRIPTION =
      "The verdict, every rule that the kernel looks at in its order, with its reason and the"
          + " resource behind it, and then Envoy's listener, filter chain, cluster and endpoint."
          + " It is worked out from what is rendered; the host is not asked, and nothing is sent."
          + " With `Accept: text/plain` the answer is text for a terminal.";

  private final ResourceReads reads;

  TraceController(ResourceReads reads) {
    this.reads = reads;
  }

  @Operation(summary = SUMMARY, description = DESCRIPTION)
  @Takes(Takes.PACKET)
  @PostMapping(
      produces = {
        DocumentTypes.JSON,
        DocumentTypes.YAML,
        DocumentTypes.TEXT_YAML,
        DocumentTypes.X_YAML
      })
  TraceAnswer trace(
      @PathVariable String mesh, @PathVariable String name, HttpServletRequest request) {
    return TraceAnswer.of(traced(mesh, name, request));
  }

  @Operation(summary = SUMMARY, description = DESCRIPTION)
  @Takes(Takes.PACKET)
  @PostMapping(produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> text(
      @PathVariable String mesh, @PathVariable String name, HttpServletRequest request) {
    return ResponseEntity.ok()
        .contentType(MediaType.valueOf("text/plain;charset=UTF-8"))
        .body(TraceText.of(traced(mesh, name, request)));
  }

  private Trace traced(String mesh, String name, HttpServletRequest request) {
    Inputs inputs = reads.dataplane(ResourceKey.dataplane(mesh, name)).inputs();
    return new PacketTracer(
            inputs.mesh(), inputs.dataplane(), inputs.policies(), inputs.facts(), inputs.sight())
        .trace(packet(request));
  }

  private static Packet packet(HttpServletRequest request) {
    try {
      return PacketReader.read(RequestDocuments.one(request));
    } catch (InvalidResource e) {
      throw ResourceDocuments.invalid(e.violations());
    }
  }
}
