package io.sluice.controlplane.api;

import io.sluice.controlplane.delivery.AgentJar;
import io.sluice.controlplane.security.AgentsListener;
import io.sluice.controlplane.security.CertificateAuthorities;
import io.sluice.controlplane.security.CertificateAuthority;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Agents", description = "What an agent needs to find and trust this control plane.")
@RestController
class AgentsController {

  private final CertificateAuthorities authorities;
  private final AgentsListener listener;
  private final AgentJar jar;

  AgentsController(CertificateAuthorities authorities, AgentsListener listener, AgentJar jar) {
    this.authorities = authorities;
    this.listener = listener;
    this.jar = jar;
  }

  /** What agents pin. */
  @Schema(description = "The authority that signs the certificates of the agents' listener.")
  record AuthorityAnswer(
      @Schema(
              description = "SHA-256 of the certificate's DER form; an agent is given this",
              example = "sha256:5f0c…")
          String fingerprint,
      @Schema(description = "The certificate as PEM") String certificate,
      @Schema(description = "The port of the agents' listener", example = "5678") int port) {}

  @Operation(
      summary = "Read the agents' certificate authority",
      description = "One for all replicas, made at the first start.")
  @GetMapping("/agents/ca")
  AuthorityAnswer authority() {
    CertificateAuthority authority = authorities.current();
    return new AuthorityAnswer(authority.fingerprint(), authority.pem(), listener.port());
  }

  @Operation(
      summary = "Download the agent",
      description = "The agent of this version. It needs Java 25 and nothing else.")
  @GetMapping("/agent/sluice-agent.jar")
  ResponseEntity<byte[]> jar() {
    return jar.answer();
  }

  @Operation(
      summary = "Read the agent's digest",
      description = "In the format of sha256sum, for `sha256sum --check`.")
  @GetMapping("/agent/sluice-agent.jar.sha256")
  ResponseEntity<String> jarDigest() {
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_PLAIN)
        .body(jar.digest() + "  sluice-agent.jar\n");
  }
}
