package io.sluice.agent.protocol;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts exactly one certificate authority, known by its fingerprint: the chain must end in it, be
 * validly signed and in date. Names are not compared, for the authority signs nothing but control
 * planes.
 */
final class PinnedAuthority implements X509TrustManager {

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private final byte[] fingerprint;

  /**
   * Trust in the authority with this fingerprint.
   *
   * @param fingerprint SHA-256 in hex, optionally with {@code sha256:} before it and colons between
   * @throws IllegalArgumentException if it is none
   */
  PinnedAuthority(String fingerprint) {
    String hex = fingerprint.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "").replace(":", "");
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "not the SHA-256 fingerprint of a certificate authority (64 hex digits): " + fingerprint);
    }
    this.fingerprint = HexFormat.of().parseHex(hex);
  }

  SSLSocketFactory sockets() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (chain.length < 2) {
      throw new CertificateException(
          "the server did not send its certificate authority after its certificate");
    }
    X509Certificate authority = chain[chain.length - 1];
    byte[] presented = sha256(authority.getEncoded());
    if (!MessageDigest.isEqual(presented, fingerprint)) {
      throw new CertificateException(
          "the server's certificate authority has the fingerprint "
              + HexFormat.of().formatHex(presented)
              + ", not the one that was given");
    }
    authority.checkValidity();
    List<String> usage = chain[0].getExtendedKeyUsage();
    if (usage != null && !usage.contains(SERVER_AUTH)) {
      throw new CertificateException("the server's certificate is not one for servers");
    }
    validate(Arrays.asList(chain).subList(0, chain.length - 1), authority);
  }

  private static void validate(List<X509Certificate> path, X509Certificate authority)
      throws CertificateException {
    try {
      if (authority.getBasicConstraints() < 0) {
        throw new CertificateException("the pinned certificate is not an authority's");
      }
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the server's certificate chain: " + e.getMessage(), e);
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
