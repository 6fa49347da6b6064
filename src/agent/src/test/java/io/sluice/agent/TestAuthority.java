package io.sluice.agent;

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A certificate authority and a server's certificate, made with keytool. */
public final class TestAuthority {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static @Nullable TestAuthority shared;

  private final KeyStore keys;
  private final String fingerprint;

  private TestAuthority(KeyStore keys, String fingerprint) {
    this.keys = keys;
    this.fingerprint = fingerprint;
  }

  /** The authority of most tests. */
  public static synchronized TestAuthority shared() throws Exception {
    if (shared == null) {
      shared = make("-startdate", "-1d");
    }
    return shared;
  }

  /** An authority whose server certificate is made with these further options of keytool. */
  public static TestAuthority make(String... serverOptions) throws Exception {
    Path folder = Files.createTempDirectory("sluice-authority");
    Path store = folder.resolve("keys.p12");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "ca",
        "-keyalg",
        "EC",
        "-dname",
        "CN=test authority",
        "-ext",
        "bc:c=ca:true",
        "-ext",
        "ku:c=keyCertSign");
    List<String> server =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=control plane",
                "-signer",
                "ca",
                "-ext",
                "eku=serverAuth"));
    if (!List.of(serverOptions).contains("eku=clientAuth")) {
      server.addAll(List.of("-ext", "eku=serverAuth"));
    }
    server.addAll(List.of(serverOptions));
    keytool(store, server.toArray(String[]::new));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(store.toFile())) {
      keys.load(in, PASSWORD);
    }
    byte[] authority = keys.getCertificate("ca").getEncoded();
    String fingerprint =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(authority));
    keys.deleteEntry("ca");
    Files.delete(store);
    Files.delete(folder);
    return new TestAuthority(keys, fingerprint);
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keystore",
            store.toString(),
            "-storepass",
            "changeit",
            "-validity",
            "30",
            "-storetype",
            "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  /** TLS as a server with this certificate. */
  public SSLContext server() throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /** Of the server's certificate itself. */
  public String serverFingerprint() throws Exception {
    byte[] server = keys.getCertificate("server").getEncoded();
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(server));
  }

  /** Of the authority. */
  public String fingerprint() {
    return fingerprint;
  }
}
