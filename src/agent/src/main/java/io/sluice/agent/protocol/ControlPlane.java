package io.sluice.agent.protocol;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;

/** The control plane as docs/agent-protocol.md describes it. */
public final class ControlPlane implements AutoCloseable {

  private static final int SILENCE_MILLIS = 15_000;

  private final HttpConnection bundles;
  private final HttpConnection files;
  private final HttpConnection reports;
  private final Map<String, String> headers;

  /**
   * The control plane at an address.
   *
   * @param address such as {@code https://host:5678}
   * @param fingerprint of its certificate authority
   * @throws IllegalArgumentException if one of them is none
   */
  public ControlPlane(URI address, String fingerprint, String token, String version) {
    if (!"https".equals(address.getScheme()) || address.getHost() == null) {
      throw new IllegalArgumentException("not the address of a control plane: " + address);
    }
    SSLSocketFactory sockets = new PinnedAuthority(fingerprint).sockets();
    this.bundles = new HttpConnection(address, sockets);
    this.files = new HttpConnection(address, sockets);
    this.reports = new HttpConnection(address, sockets);
    this.headers = Map.of("Authorization", "Bearer " + token, "Sluice-Agent-Version", version);
  }

  /**
   * Asks for a bundle that is neither of these.
   *
   * @param facts the digest of the host's facts, if they were read
   * @param difference whether the answer may say how the bundle differs from the one applied
   * @param waitSeconds how long the server may wait for a change
   */
  public Poll poll(
      Optional<Digest> applied,
      Optional<Digest> rejected,
      Optional<String> facts,
      boolean difference,
      int waitSeconds) {
    Map<String, String> all = new TreeMap<>(headers);
    StringJoiner known = new StringJoiner(", ");
    applied.ifPresent(digest -> known.add('"' + digest.hex() + '"'));
    rejected.ifPresent(digest -> known.add('"' + digest.hex() + '"'));
    if (known.length() > 0) {
      all.put("If-None-Match", known.toString());
    }
    facts.ifPresent(digest -> all.put("Sluice-Facts", digest));
    if (difference) {
      all.put("Sluice-Pack", "difference");
    }
    try {
      Response response =
          bundles.send(
              "GET",
              "/agent/v1/bundle?wait=" + waitSeconds,
              all,
              new byte[0],
              waitSeconds * 1000 + SILENCE_MILLIS);
      return outcome(response);
    } catch (IOException e) {
      return new Poll.Unavailable(reason(e), 0);
    }
  }

  private static Poll outcome(Response response) throws IOException {
    return switch (response.status()) {
      case 200 -> changed(response);
      case 304 -> new Poll.Unchanged();
      case 404 -> {
        response.problem();
        yield new Poll.Absent();
      }
      case 410 -> {
        response.problem();
        yield new Poll.Gone(deletion(response));
      }
      case 428 -> {
        response.problem();
        yield new Poll.FactsWanted();
      }
      default -> {
        String after = response.header("retry-after");
        int seconds = after.matches("[0-9]{1,4}") ? Integer.parseInt(after) : 0;
        yield new Poll.Unavailable(response.problem(), seconds);
      }
    };
  }

  private static Poll.Deletion deletion(Response response) {
    return Poll.Deletion.of(response.header("sluice-deleted-by"));
  }

  private static Poll changed(Response response) {
    String tag = response.header("etag");
    String hex = tag.length() == 66 ? tag.substring(1, 65) : "";
    if (!Digest.isDigest(hex)) {
      return new Poll.Unavailable("the answer's ETag is not a bundle's digest", 0);
    }
    return new Poll.Changed(new Digest(hex), response.header("sluice-revision"), response.body());
  }

  /** Whether a new connection to it can be made now, within a few seconds. */
  public boolean isReachable() {
    return bundles.canConnect();
  }

  /** One manifest or file of the dataplane's bundle. */
  public InputStream file(Digest digest) throws IOException {
    Response response =
        files.send("GET", "/agent/v1/files/" + digest, headers, new byte[0], SILENCE_MILLIS);
    if (response.status() != 200) {
      throw new IOException("no file " + digest + ": " + response.problem());
    }
    return new ByteArrayInputStream(response.body().readNBytes(Limits.MANIFEST_BYTES + 1));
  }

  /** Reports what the host does. */
  public void report(Map<String, String> status) throws IOException {
    StringBuilder body = new StringBuilder();
    status.forEach(
        (key, value) -> body.append(key).append('=').append(escaped(value)).append('\n'));
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Type", "text/plain; charset=utf-8");
    Answer answer = tell("POST", "/agent/v1/status", all, bytes(body.toString()), SILENCE_MILLIS);
    if (answer.status() / 100 != 2) {
      throw new IOException("the status was not taken: " + answer.problem());
    }
  }

  /**
   * Tells the host's facts.
   *
   * @param properties the document
   * @throws IOException if they were not taken
   */
  public void facts(String properties) throws IOException {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Type", "text/plain; charset=utf-8");
    Answer answer = tell("PUT", "/agent/v1/facts", all, bytes(properties), SILENCE_MILLIS);
    if (answer.status() / 100 != 2) {
      throw new IOException("the facts were not taken: " + answer.problem());
    }
  }

  private record Answer(int status, String problem) {}

  /** Several threads tell something: one after the other, each until its answer is read. */
  private Answer tell(
      String method, String target, Map<String, String> headers, byte[] body, int timeoutMillis)
      throws IOException {
    synchronized (reports) {
      Response response = reports.send(method, target, headers, body, timeoutMillis);
      return new Answer(response.status(), response.problem());
    }
  }

  /**
   * An answer to somebody who only looks.
   *
   * @param date the server's time as HTTP has it, or nothing
   * @param deletion who deleted the dataplane, if the status is 410
   */
  public record Visit(int status, String date, Poll.Deletion deletion) {}

  /** Asks for the bundle without taking it; this connection is of no more use. */
  public Visit visit() throws IOException {
    Response response =
        bundles.send("GET", "/agent/v1/bundle?wait=0", headers, new byte[0], SILENCE_MILLIS);
    bundles.close();
    return new Visit(response.status(), response.header("date"), deletion(response));
  }

  /** The end of an attempt to register a Dataplane: taken, refused for good, or to be retried. */
  public sealed interface Registration {
    /** The control plane has it. */
    record Taken() implements Registration {}

    /** The same request will not succeed. */
    record Refused(String reason) implements Registration {}

    /** Nobody answered, or not now. */
    record Unavailable(String reason) implements Registration {}
  }

  /**
   * Registers the agent's own Dataplane.
   *
   * @param query {@code mesh}, {@code name} and {@code var.NAME}
   */
  public Registration register(byte[] dataplane, String type, Map<String, String> query) {
    StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach((name, value) -> parameters.add(encoded(name) + "=" + encoded(value)));
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Type", type);
    try {
      Answer answer =
          tell("PUT", "/agent/v1/dataplane" + parameters, all, dataplane, 2 * SILENCE_MILLIS);
      String problem = answer.problem();
      int status = answer.status();
      if (status / 100 == 2) {
        return new Registration.Taken();
      }
      // 408 and 429 are about the moment, not about what was sent.
      boolean forGood = status / 100 == 4 && status != 408 && status != 429;
      return forGood ? new Registration.Refused(problem) : new Registration.Unavailable(problem);
    } catch (IOException e) {
      return new Registration.Unavailable(reason(e));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    // A plus for a space is a form's way, not every server's in an address.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replaceAll("[\\r\\n]+", " ");
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    bundles.close();
    files.close();
    reports.close();
  }
}
