package io.sluice.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.agent.bundle.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A control plane that speaks docs/agent-protocol.md over TLS and says what a test wants. */
public final class FakeControlPlane implements AutoCloseable {

  /** How every token begins that it takes; with another end it tells who reports. */
  public static final String TOKEN = "a-token";

  private final HttpsServer server;
  private final TestAuthority authority;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, Bundles.Made> served = new ConcurrentHashMap<>();
  private final List<Integer> packs = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> reports = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, String>> newest = new ConcurrentHashMap<>();
  private final List<String> registrations = new CopyOnWriteArrayList<>();
  private final List<String> facts = new CopyOnWriteArrayList<>();
  private boolean wantsFacts;
  private volatile boolean refusesFacts;
  private Optional<Bundles.Made> bundle = Optional.empty();
  private int status = 404;
  private int registrationStatus = 201;
  private boolean stalling;
  private volatile Runnable goodbye = () -> {};
  private volatile Runnable registration = () -> {};
  private String deletedBy = "";
  private volatile boolean refusing;
  private UnaryOperator<byte[]> mangle = pack -> pack;

  public FakeControlPlane() throws Exception {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  public FakeControlPlane(InetSocketAddress address) throws Exception {
    authority = TestAuthority.shared();
    server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(authority.server()) {
          @Override
          public void configure(HttpsParameters parameters) {
            if (refusing) {
              throw new IllegalStateException("as the test says");
            }
            super.configure(parameters);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public URI address() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  public String fingerprint() {
    return authority.fingerprint();
  }

  /** From now on this is the dataplane's bundle. */
  public synchronized Bundles.Made serve(Map<String, String> files) {
    Bundles.Made made = Bundles.of(files);
    serve(made);
    return made;
  }

  public synchronized void serve(Bundles.Made made) {
    bundle = Optional.of(made);
    served.put(made.digest().hex(), made);
    objects.putAll(made.objects());
    status = 200;
    notifyAll();
  }

  /** From now on polls are answered so. */
  public synchronized void answerWith(int code) {
    status = code;
    notifyAll();
  }

  /** From now on polls are answered so: the dataplane is no more, and who deleted it. */
  public synchronized void answerDeletedBy(String whom) {
    deletedBy = whom;
    answerWith(410);
  }

  /** What it does when a Dataplane is registered. */
  public void onRegistration(Runnable what) {
    registration = what;
  }

  public synchronized void answerRegistrationsWith(int code) {
    registrationStatus = code;
  }

  /** From now on packs are sent so. */
  public synchronized void manglePacks(UnaryOperator<byte[]> how) {
    mangle = how;
  }

  /** What it does before it answers an agent's last report. */
  public void onGoodbye(Runnable what) {
    goodbye = what;
  }

  /** Whether packs stop in the middle from now on. */
  public synchronized void stallPacks(boolean stall) {
    stalling = stall;
  }

  /** Whether it asks for facts that it does not know. */
  public synchronized void wantFacts(boolean wanted) {
    wantsFacts = wanted;
  }

  /** Whether it takes no facts, and goes on to ask for them. */
  public synchronized void refuseFacts(boolean refused) {
    wantsFacts = refused;
    refusesFacts = refused;
  }

  /** Every document of facts that was sent. */
  public List<String> facts() {
    return facts;
  }

  public List<String> requests() {
    return requests;
  }

  public List<String> registrations() {
    return registrations;
  }

  /** The newest report. */
  public Map<String, String> report() {
    return reports.isEmpty() ? Map.of() : reports.getLast();
  }

  /** Whether new connections are closed from now on. */
  public void refuseConnections(boolean refuse) {
    refusing = refuse;
  }

  /** The newest report of who has this token. */
  Map<String, String> report(String token) {
    return newest.getOrDefault(token, Map.of());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      String authorization =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
      if (!authorization.startsWith("Bearer " + TOKEN)) {
        send(exchange, 401, problem("no such token"));
      } else if (path.equals("/agent/v1/bundle")) {
        bundle(exchange);
      } else if (path.startsWith("/agent/v1/files/")) {
        byte[] object = objects.get(path.substring(path.lastIndexOf('/') + 1));
        send(exchange, object == null ? 404 : 200, object == null ? problem("no") : object);
      } else if (path.equals("/agent/v1/status")) {
        Map<String, String> report = properties(body);
        reports.add(report);
        newest.put(authorization.substring("Bearer ".length()), report);
        if ("stopping".equals(report.get("state"))) {
          goodbye.run();
        }
        exchange.sendResponseHeaders(204, -1);
      } else if (path.equals("/agent/v1/facts")) {
        facts.add(new String(body, UTF_8));
        if (refusesFacts) {
          send(exchange, 400, problem("interfaces: must be the name of an interface"));
        } else {
          exchange.sendResponseHeaders(204, -1);
        }
      } else if (path.equals("/agent/v1/dataplane")) {
        registrations.add(exchange.getRequestURI().getQuery() + " " + new String(body, UTF_8));
        registration.run();
        send(exchange, registrationStatus, problem("networking.inbound[0].port: 0 is no port"));
      } else {
        send(exchange, 404, problem("no such path"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void bundle(HttpExchange exchange) throws IOException, InterruptedException {
    String known =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match")).orElse("");
    int wait = Integer.parseInt(exchange.getRequestURI().getQuery().replace("wait=", ""));
    long end = System.currentTimeMillis() + wait * 1000L;
    byte[] pack;
    String named = exchange.getRequestHeaders().getFirst("Sluice-Facts");
    synchronized (this) {
      boolean unknown =
          refusesFacts
              || facts.isEmpty()
              || !Digest.of(facts.getLast().getBytes(UTF_8)).hex().equals(named);
      if (wantsFacts && named != null && unknown) {
        send(exchange, 428, problem("which facts?"));
        return;
      }
      while (status == 200
          && known.contains(bundle.orElseThrow().digest().hex())
          && System.currentTimeMillis() < end) {
        wait(Math.max(1, end - System.currentTimeMillis()));
      }
      if (status != 200) {
        if (status == 410 && !deletedBy.isEmpty()) {
          exchange.getResponseHeaders().set("Sluice-Deleted-By", deletedBy);
        }
        send(exchange, status, problem("as the test says"));
        return;
      }
      Bundles.Made made = bundle.orElseThrow();
      if (known.contains(made.digest().hex())) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", '"' + made.digest().hex() + '"');
      exchange.getResponseHeaders().set("Sluice-Revision", "1");
      exchange.getResponseHeaders().set("Content-Type", "application/zip");
      pack = mangle.apply(pack(made, exchange));
      packs.add(pack.length);
    }
    // No length: in chunks.
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(pack, 0, pack.length / 2);
    exchange.getResponseBody().flush();
    synchronized (this) {
      while (stalling) {
        wait(100);
      }
    }
    exchange.getResponseBody().write(pack, pack.length / 2, pack.length - pack.length / 2);
  }

  private byte[] pack(Bundles.Made made, HttpExchange exchange) {
    String known =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match")).orElse("");
    Bundles.Made applied = known.length() < 66 ? null : served.get(known.substring(1, 65));
    boolean difference = "difference".equals(exchange.getRequestHeaders().getFirst("Sluice-Pack"));
    return difference && applied != null ? made.difference(applied) : made.pack();
  }

  /** How many bytes each pack had. */
  public List<Integer> packs() {
    return packs;
  }

  private static byte[] problem(String detail) {
    return ("{\"title\":\"" + detail + "\"}").getBytes(UTF_8);
  }

  private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static Map<String, String> properties(byte[] body) {
    Map<String, String> values = new TreeMap<>();
    for (String line : new String(body, UTF_8).lines().toList()) {
      int equals = line.indexOf('=');
      values.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return values;
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  /** The addresses of requests for single files. */
  public List<String> fetched() {
    List<String> files = new ArrayList<>(requests);
    files.removeIf(request -> !request.contains("/files/"));
    return files;
  }

  @Override
  public void close() {
    answerWith(503);
    server.stop(0);
  }
}
