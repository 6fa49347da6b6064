package io.sluice.benchmarks.scenario;

import io.sluice.acceptance.World;
import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.topology.Host;
import io.sluice.benchmarks.Scenario;
import io.sluice.benchmarks.Workbench;
import io.sluice.benchmarks.load.HttpConnection;
import io.sluice.benchmarks.report.Series;
import io.sluice.benchmarks.report.Target;
import io.sluice.benchmarks.running.ProcessMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * From the moment a PUT with another inbound port is sent to the moment that Envoy accepts a
 * connection on it: the whole way through API, database, view, rendering, long poll, agent and
 * Envoy, alone and beside meshes of each size. The port of an explicit dataplane is one that Envoy
 * binds, so that a client sees it.
 */
public final class EditToListening implements Scenario {

  private static final String DATAPLANE = "edited";
  private static final int HOST = 39;
  private static final int FIRST_PORT = 20_000;
  private static final int WARM_UP = 10;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final double P50_TARGET = 60;
  private static final double P99_TARGET = 150;
  private static final double AGENT_TARGET = 60;

  private int port = FIRST_PORT;

  @Override
  public String name() {
    return "edit";
  }

  @Override
  public String summary() {
    return "from an edited port to Envoy listening on it, and the agent's RSS then; needs root";
  }

  @Override
  public List<Series> run(Workbench workbench) throws IOException {
    List<Series> series = new ArrayList<>();
    try (World world = World.create(0)) {
      world.controlPlane().awaitReady();
      URI base = world.operator().base();
      InetSocketAddress operators =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), base.getPort());
      Host host = world.host("edited", HOST);
      try (HttpConnection operator = new HttpConnection(operators)) {
        put(operator, host);
        AgentProcess agent = world.agent(host, DATAPLANE);
        awaitListening(host);
        series.addAll(edits(workbench, operator, host, " in a mesh of its own"));
        workbench.settle();
        ProcessMemory memory = ProcessMemory.of(agent.pid());
        series.add(
            Series.of("agent RSS over TLS", "MB", memory.resident())
                .withTarget(Target.atMost(AGENT_TARGET)));
        series.add(Series.of("agent, anonymous part", "MB", memory.anonymous()));
        int filled = 0;
        for (int size : workbench.sizes()) {
          workbench.say("filling the mesh up to " + size);
          SampleMesh.fill(operators, filled, size);
          filled = size;
          workbench.settle();
          series.addAll(
              edits(
                  workbench,
                  operator,
                  host,
                  String.format(Locale.ROOT, " beside %,d dataplanes", size)));
        }
      }
    }
    return series;
  }

  private List<Series> edits(Workbench workbench, HttpConnection operator, Host host, String where)
      throws IOException {
    workbench.say("editing" + where);
    List<Double> answered = new ArrayList<>();
    List<Double> listening = new ArrayList<>();
    for (int edit = -WARM_UP; edit < workbench.edits(); edit++) {
      pause();
      port++;
      long started = System.nanoTime();
      put(operator, host);
      double put = (System.nanoTime() - started) / 1e6;
      awaitListening(host);
      double whole = (System.nanoTime() - started) / 1e6;
      if (edit >= 0) {
        answered.add(put);
        listening.add(whole);
      }
    }
    Series whole = Series.of("edit to listening" + where, "ms", listening);
    return List.of(
        whole.withTarget(Target.atMost(P50_TARGET)),
        Series.of("p99 of it", "ms", whole.percentile(99)).withTarget(Target.atMost(P99_TARGET)),
        Series.of("its PUT", "ms", answered));
  }

  private void put(HttpConnection operator, Host host) throws IOException {
    HttpConnection.Answer answer =
        operator.exchange(
            "PUT",
            SampleMesh.COLLECTION + "/" + DATAPLANE,
            "application/json",
            document(host.ipv4().getHostAddress()).getBytes(StandardCharsets.UTF_8));
    if (answer.status() / 100 != 2) {
      throw new IOException("status " + answer.status() + ": " + answer.text());
    }
  }

  private String document(String address) {
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "type",
                "Dataplane",
                "mesh",
                "default",
                "name",
                DATAPLANE,
                "networking",
                Map.of(
                    "address",
                    address,
                    "inbound",
                    List.of(
                        Map.of(
                            "port",
                            port,
                            "servicePort",
                            5000,
                            "serviceAddress",
                            "127.0.0.1",
                            "tags",
                            Map.of("kuma.io/service", "app", "kuma.io/protocol", "http"))))));
  }

  /** Connects until somebody accepts, from the host itself; refusals come back at once. */
  private void awaitListening(Host host) throws IOException {
    InetSocketAddress listener = host.ipv4(port);
    host.namespace()
        .call(
            () -> {
              long deadline = System.nanoTime() + LIMIT.toNanos();
              while (true) {
                try (Socket socket = new Socket()) {
                  socket.connect(listener, 1_000);
                  return socket.isConnected();
                } catch (IOException e) {
                  if (System.nanoTime() > deadline) {
                    throw e;
                  }
                }
                Thread.sleep(1);
              }
            });
  }

  /** Time for the agent to have reported and to poll again, never in step with any timer. */
  private static void pause() throws IOException {
    try {
      Thread.sleep(RandomGenerator.getDefault().nextInt(250, 750));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
