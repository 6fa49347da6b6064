package io.sluice.controlplane.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority whose fingerprint agents pin. It signs control planes and nothing else.
 *
 * @param certificate signed by itself
 */
public record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

  private static final Duration LIFETIME = Duration.ofDays(3650);

  /** Hosts whose clock is behind accept a new certificate all the same. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /**
   * A key and its certificate for one process.
   *
   * @param chain the process's certificate, then the authority's
   */
  record Leaf(PrivateKey key, List<X509Certificate> chain) {}

  static CertificateAuthority create(Instant now) {
    KeyPair pair = newKey();
    X500Name name = new X500Name("CN=Sluice control planes");
    X509Certificate certificate =
        sign(
            name,
            pair,
            name,
            pair.getPrivate(),
            now,
            LIFETIME,
            new Extra(Extension.basicConstraints, new BasicConstraints(0)),
            new Extra(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign)));
    return new CertificateAuthority(certificate, pair.getPrivate());
  }

  static CertificateAuthority of(byte[] certificate, byte[] key) {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate));
      return new CertificateAuthority(
          parsed, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the stored certificate authority can't be read", e);
    }
  }

  Leaf issue(Instant now, Duration lifetime) {
    KeyPair pair = newKey();
    X509Certificate certificate =
        sign(
            new X500Name("CN=Sluice control plane"),
            pair,
            new X500Name(this.certificate.getSubjectX500Principal().getName()),
            key,
            now,
            lifetime,
            new Extra(Extension.basicConstraints, new BasicConstraints(false)),
            new Extra(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature)),
            new Extra(
                Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
    return new Leaf(pair.getPrivate(), List.of(certificate, this.certificate));
  }

  /** What agents are given: the SHA-256 of the certificate's DER form. */
  public String fingerprint() {
    return "sha256:" + HexFormat.of().formatHex(Sha256.of(der()));
  }

  /** The certificate as PEM text. */
  public String pem() {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der());
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }

  byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw new IllegalStateException("a parsed certificate has no encoding", e);
    }
  }

  private record Extra(ASN1ObjectIdentifier id, ASN1Encodable value) {}

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static X509Certificate sign(
      X500Name subject,
      KeyPair pair,
      X500Name issuer,
      PrivateKey issuerKey,
      Instant now,
      Duration lifetime,
      Extra... extras) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(127, new SecureRandom()).setBit(126),
              Date.from(now.minus(CLOCK_SKEW)),
              Date.from(now.plus(lifetime)),
              subject,
              pair.getPublic());
      for (Extra extra : extras) {
        builder.addExtension(extra.id(), true, extra.value());
      }
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (OperatorCreationException | IOException | CertificateException e) {
      throw new IllegalStateException("a certificate could not be signed", e);
    }
  }
}
