package io.sluice.controlplane.security;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The operators' common secret, if one is set. */
@Component
public class AdminToken {

  private static final int SHORTEST = 16;
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private final Optional<byte[]> digest;

  AdminToken(SecuritySettings settings) {
    this.digest = secret(settings).map(AdminToken::digest);
  }

  /** Whether operators must authenticate. */
  public boolean isSet() {
    return digest.isPresent();
  }

  /**
   * Whether an {@code Authorization} header carries the token: as bearer, or as the password of
   * basic authentication, which is what a browser can offer. Takes the same time for every wrong
   * token.
   */
  boolean opens(@Nullable String authorization) {
    if (digest.isEmpty()) {
      return true;
    }
    String offered = "";
    if (authorization != null && startsWith(authorization, BEARER)) {
      offered = authorization.substring(BEARER.length()).strip();
    } else if (authorization != null && startsWith(authorization, BASIC)) {
      offered = password(authorization.substring(BASIC.length()).strip());
    }
    return MessageDigest.isEqual(digest.get(), digest(offered));
  }

  private static boolean startsWith(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static String password(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static Optional<String> secret(SecuritySettings settings) {
    String token = settings.adminToken();
    Path file = settings.adminTokenFile();
    if (token != null && !token.isBlank() && file != null) {
      throw new StartFailure(
          "sluice.admin-token and sluice.admin-token-file are both set.", "Keep one of them.");
    }
    if (file != null) {
      token = read(file);
    }
    if (token == null || token.isBlank()) {
      return Optional.empty();
    }
    token = token.strip();
    if (token.length() < SHORTEST) {
      throw new StartFailure(
          "The admin token has fewer than " + SHORTEST + " characters.",
          "Make one with: openssl rand -hex 32");
    }
    return Optional.of(token);
  }

  private static String read(Path file) {
    try {
      String token = Files.readString(file);
      if (token.isBlank()) {
        throw new StartFailure(
            "sluice.admin-token-file " + file + " is empty.",
            "Make a token with: openssl rand -hex 32");
      }
      return token;
    } catch (IOException e) {
      throw new StartFailure(
          "sluice.admin-token-file " + file + " can't be read: " + e,
          "Let the user of this process read it.",
          e);
    }
  }

  /** Comparing digests hides the length as well. */
  private static byte[] digest(String token) {
    return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
