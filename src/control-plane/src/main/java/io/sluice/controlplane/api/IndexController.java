package io.sluice.controlplane.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Index", description = "Who this is.")
@RestController
class IndexController {

  private static final String SWAGGER_UI = "/swagger-ui.html";
  private static final String PREVIEW = "preview";
  private static final String KUMA = "2.9";

  private final IndexAnswer answer;

  IndexController(
      @Value("${sluice.api.kumactl-compatible:false}") boolean kumactlCompatible,
      ObjectProvider<BuildProperties> build) {
    String version =
        build.stream().map(BuildProperties::getVersion).findFirst().orElse("development");
    this.answer =
        new IndexAnswer(
            kumactlCompatible ? "Kuma" : "Sluice",
            version.contains(PREVIEW) ? version : version + "-" + PREVIEW,
            KUMA,
            SWAGGER_UI);
  }

  /** Who we are. kumactl adds a control plane whose version contains "preview". */
  @Schema(description = "Who this is.")
  record IndexAnswer(
      @Schema(
              description =
                  "`Sluice`; `Kuma` when `sluice.api.kumactl-compatible=true` is set for clients"
                      + " that insist on it",
              example = "Sluice")
          String product,
      @Schema(example = "0.1.0-preview") String version,
      @Schema(description = "The Kuma whose resources are understood", example = "2.9")
          String basedOnKuma,
      @Schema(description = "Where people find this page", example = SWAGGER_UI) String docs) {}

  @Operation(
      summary = "Ask who this is",
      description = "What kumactl asks first. A browser is sent to the Swagger UI.")
  @GetMapping("/")
  ResponseEntity<IndexAnswer> index(HttpServletRequest request) {
    if (isBrowser(request)) {
      return ResponseEntity.status(HttpStatus.FOUND)
          .header(HttpHeaders.LOCATION, SWAGGER_UI)
          .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
          .build();
    }
    return ResponseEntity.ok().header(HttpHeaders.VARY, HttpHeaders.ACCEPT).body(answer);
  }

  private static boolean isBrowser(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null
        && List.of(accept.split(",")).stream()
            .anyMatch(type -> type.strip().startsWith(MediaType.TEXT_HTML_VALUE));
  }
}
