package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** The agent that came with this control plane, so that a host needs nothing but Java and curl. */
@Component
public class AgentJar {

  private static final String PATH = "/agent/sluice-agent.jar";

  private final byte[] content;
  private final Digest digest;

  AgentJar() {
    try (InputStream jar = AgentJar.class.getResourceAsStream(PATH)) {
      if (jar == null) {
        throw new IllegalStateException(
            PATH + " is missing on the class path; build with ./sluice build");
      }
      this.content = jar.readAllBytes();
      this.digest = Digest.of(content);
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled agent can't be read", e);
    }
  }

  /** The SHA-256 of the jar. */
  public Digest digest() {
    return digest;
  }

  /** The jar with its digest in the headers {@code ETag} and {@code Repr-Digest} (RFC 9530). */
  public ResponseEntity<byte[]> answer() {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
    return ResponseEntity.ok()
        .eTag("\"" + digest + "\"")
        .header("Repr-Digest", "sha-256=:" + base64 + ":")
        .contentType(MediaType.parseMediaType("application/java-archive"))
        .body(content);
  }
}
