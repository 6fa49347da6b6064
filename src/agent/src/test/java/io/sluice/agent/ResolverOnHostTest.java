package io.sluice.agent;

import static io.sluice.agent.DnsClient.Type.A;
import static io.sluice.agent.DnsClient.Type.AAAA;
import static io.sluice.agent.DnsClient.Type.HTTPS;
import static io.sluice.agent.DnsClient.Type.MX;
import static io.sluice.agent.DnsClient.Type.PTR;
import static io.sluice.agent.DnsClient.Type.SRV;
import static io.sluice.agent.DnsClient.Type.TXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.host.Processes;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of a host's programs are captured, and the real resolver answers them. */
@Tag("host")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"nf_tables", "legacy"})
class ResolverOnHostTest {

  private static final int NO_ERROR = 0;
  private static final int NO_SUCH_NAME = 3;

  /** No server is at it. */
  private static final String NOBODY = "203.0.113.53";

  private static final String HOSTS =
      """
      240.0.0.1 backend.mesh backend_default_svc_80.mesh
      240.0.0.2 web.mesh
      fd00:fd00::2 web.mesh
      """;

  @Parameter String backend = "";
  private NetworkNamespace network;
  private DnsWorld world;
  private FakeControlPlane controlPlane;
  private AgentOnHost agent;
  private ServerSocket application;
  private Path resolvConf;

  @SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test.
  ResolverOnHostTest() {}

  @BeforeEach
  void aHostInAWorld() throws Exception {
    network = new NetworkNamespace();
    world = new DnsWorld(network);
    resolvConf = world.resolvConf(DnsWorld.FIRST);
    controlPlane = network.inside(FakeControlPlane::new);
    agent = new AgentOnHost(network, controlPlane, backend);
    application = network.application("an application");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    agent.close();
    controlPlane.close();
    application.close();
    world.close();
    network.close();
  }

  @Test
  void namesOfTheMeshAreAnsweredByTheBundleWhateverServerIsAsked() throws Exception {
    started();

    for (String server : List.of(NOBODY, DnsWorld.FIRST, "2001:db8::53")) {
      assertThat(udp(server, A, "backend.mesh").records()).containsExactly("240.0.0.1");
      assertThat(tcp(server, A, "backend.mesh").records()).containsExactly("240.0.0.1");
      assertThat(udp(server, A, "backend_default_svc_80.mesh").records())
          .containsExactly("240.0.0.1");
      assertThat(udp(server, AAAA, "web.mesh").records()).containsExactly("fd00:fd00:0:0:0:0:0:2");
      assertThat(udp(server, PTR, "2.0.0.240.in-addr.arpa").records())
          .singleElement()
          .asString()
          .contains("web");
    }
  }

  @Test
  void otherTypesOfTheirsAreEmptyAndUnknownNamesDoNotExist() throws Exception {
    started();

    for (DnsClient.Type type : List.of(AAAA, TXT, MX, SRV, HTTPS)) {
      assertThat(udp(NOBODY, type, "backend.mesh"))
          .isEqualTo(new DnsClient.Answer(NO_ERROR, false, List.of()));
      assertThat(tcp(NOBODY, type, "backend.mesh"))
          .isEqualTo(new DnsClient.Answer(NO_ERROR, false, List.of()));
    }
    for (DnsClient.Type type : DnsClient.Type.values()) {
      assertThat(udp(NOBODY, type, "nobody.mesh").code()).isEqualTo(NO_SUCH_NAME);
      assertThat(tcp(NOBODY, type, "nobody.mesh").code()).isEqualTo(NO_SUCH_NAME);
    }
  }

  @Test
  void allElseIsAnsweredByTheServersOfTheHost() throws Exception {
    started();

    for (String server : List.of(NOBODY, DnsWorld.FIRST, "2001:db8::53")) {
      assertThat(both(server, A, "up.example")).containsExactly("192.0.2.1");
      assertThat(both(server, AAAA, "up.example")).containsExactly("2001:db8:0:0:0:0:0:1");
      assertThat(both(server, TXT, "up.example")).containsExactly("\5hello");
      assertThat(both(server, MX, "up.example")).singleElement().asString().contains("mail");
      assertThat(both(server, SRV, "_sip._tcp.up.example"))
          .singleElement()
          .asString()
          .contains("sip");
      assertThat(both(server, PTR, "1.2.0.192.in-addr.arpa"))
          .singleElement()
          .asString()
          .contains("up");
      assertThat(both(server, HTTPS, "up.example")).singleElement().asString().contains("h2");
      assertThat(udp(server, A, "nobody.other").code()).isEqualTo(NO_SUCH_NAME);
    }
  }

  @Test
  void aLargeAnswerComesOverTcpAndSaysSoOverUdp() throws Exception {
    started();

    assertThat(udp(NOBODY, TXT, "large.example").truncated()).isTrue();
    assertThat(tcp(NOBODY, TXT, "large.example").records())
        .singleElement()
        .asString()
        .hasSize(12 * 201);
  }

  @Test
  void whatProcessesOfSluiceAskIsNotCapturedAlsoFromAPortThatAnApplicationUsed() throws Exception {
    started();
    int port = 45_454;

    assertThat(
            network.inside(() -> client(DnsWorld.FIRST).from(port).udp(A, "backend.mesh")).code())
        .isEqualTo(NO_ERROR);

    assertThat(askedInGroup("sluice", port, "backend.mesh")).isNotEqualTo("0");
    assertThat(askedInGroup("sluice", port, "up.example")).isEqualTo("0");
    assertThat(askedInGroup("nogroup", port, "backend.mesh")).isEqualTo("0");
  }

  @Test
  void theFileOfNamesIsReplacedUnderLoadAndNoQuestionIsLost() throws Exception {
    started();
    Load load = new Load();

    for (int i = 1; i <= 20; i++) {
      String name = "name" + i + ".mesh";
      agent.applied(capturing(HOSTS + "240.0.1." + i + " " + name + "\n"));
      agent.await(() -> udp(NOBODY, A, name).code() == NO_ERROR);
    }

    load.end("20 changes of names");
    assertThat(udp(NOBODY, A, "name1.mesh").code()).isEqualTo(NO_SUCH_NAME);
  }

  @Test
  void itGoesOnWithoutTheAgentAndIsAdoptedByTheNextOne() throws Exception {
    started();
    long pid = agent.resolverPid().orElseThrow();
    Load load = new Load();

    agent.kill();
    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
    agent.start("--resolv-conf", resolvConf.toString());
    agent.applied(capturing(HOSTS + "240.0.0.9 later.mesh\n"));
    agent.await(() -> udp(NOBODY, A, "later.mesh").code() == NO_ERROR);

    load.end("an agent killed and started");
    assertThat(agent.resolverPid()).contains(pid);
    assertThat(agent.status())
        .containsEntry("resolver", "answering")
        .containsEntry("resolver.pid", String.valueOf(pid));
  }

  @Test
  void itIsBackWithinASecondWhenItDies() throws Exception {
    started();

    Processes.signal(agent.resolverPid().orElseThrow(), "KILL");
    long died = System.nanoTime();
    agent.await(() -> answersAtOnce("backend.mesh"));

    assertThat((System.nanoTime() - died) / 1_000_000).isLessThan(1_000);
  }

  @Test
  void itIsStartedAnewWhenItLivesAndDoesNotAnswer() throws Exception {
    started();
    long pid = agent.resolverPid().orElseThrow();

    Processes.signal(pid, "STOP");
    agent.await(() -> agent.logged().contains("event=resolver-silent"));

    agent.await(() -> answersAtOnce("backend.mesh"));
    assertThat(agent.resolverPid()).isPresent().get().isNotEqualTo(pid);
  }

  @Test
  void aChangeOfTheHostsServersIsFollowed() throws Exception {
    started();
    assertThat(udp(NOBODY, A, "which.example").records()).containsExactly("192.0.2.11");
    long pid = agent.resolverPid().orElseThrow();

    world.resolvConf(DnsWorld.SECOND);

    agent.await(() -> recordsAtOnce("which.example").equals(List.of("192.0.2.12")));
    assertThat(agent.resolverPid()).contains(pid);
  }

  @Test
  void aDeadServerBesideAnotherDelaysNobodyForLong() throws Exception {
    resolvConf = world.resolvConf(DnsWorld.DEAD, DnsWorld.FIRST);
    started();

    assertThat(udp(NOBODY, A, "up.example").records()).containsExactly("192.0.2.1");
    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
  }

  @Test
  void aSlowServerDelaysOnlyWhoAsksIt() throws Exception {
    world.slow(700);
    resolvConf = world.resolvConf(DnsWorld.SLOW);
    started();
    List<Thread> waiting = new ArrayList<>();
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < 300; i++) {
      String name = "n" + i + ".slow.example";
      waiting.add(
          network.onThread(
              () -> {
                if (client(NOBODY).udp(A, name, 8_000).code() == NO_ERROR) {
                  answered.incrementAndGet();
                }
              }));
    }

    long asked = System.nanoTime();
    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
    assertThat((System.nanoTime() - asked) / 1_000_000).isLessThan(500);

    for (Thread thread : waiting) {
      thread.join();
    }
    assertThat(answered).hasValue(300);
  }

  @Test
  void withoutAnyServerTheNamesOfTheMeshAreStillAnswered() throws Exception {
    started();
    world.lost();

    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
  }

  @Test
  void anotherPortIsAnsweredBeforeRulesLeadToItAndNoQuestionIsLost() throws Exception {
    started();
    long pid = agent.resolverPid().orElseThrow();

    agent.applied(DnsCapture.bundle(application.getLocalPort(), 15_054, HOSTS));

    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
    assertThat(agent.resolverPid().orElseThrow()).isNotEqualTo(pid);
    assertThat(Processes.startTime(pid)).isEmpty();
  }

  @Test
  void aBundleThatCapturesNoQuestionsEndsIt() throws Exception {
    started();
    long pid = agent.resolverPid().orElseThrow();

    agent.applied(Bundles.transparent(application.getLocalPort()));

    assertThat(Processes.startTime(pid)).isEmpty();
    assertThat(agent.resolverPid()).isEmpty();
    assertThat(agent.state().resolve("dns")).doesNotExist();
    assertThat(udp(DnsWorld.FIRST, A, "up.example").records()).containsExactly("192.0.2.1");
  }

  @Test
  void rulesThatTheKernelRefusesLeaveItAsItWas() throws Exception {
    started();
    long pid = agent.resolverPid().orElseThrow();
    Map<String, String> bad = capturing("240.0.0.7 other.mesh\n");
    bad.computeIfPresent(
        "iptables/v4.rules",
        (path, rules) -> rules.replace("--gid-owner sluice", "--gid-owner nogroupofthisname"));

    controlPlane.serve(bad);
    agent.awaitReport("state", "rejected");

    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
    assertThat(udp(NOBODY, A, "other.mesh").code()).isEqualTo(NO_SUCH_NAME);
    assertThat(agent.resolverPid()).contains(pid);
  }

  @Test
  void aTakenPortRefusesTheBundleBeforeAnythingIsCaptured() throws Exception {
    try (ServerSocket taken =
        network.inside(
            () -> new ServerSocket(15_053, 1, java.net.InetAddress.getLoopbackAddress()))) {
      assertThat(taken.isBound()).isTrue();
      agent.start("--resolv-conf", resolvConf.toString());
      controlPlane.serve(capturing(HOSTS));
      agent.awaitReport("state", "rejected");
    }

    assertThat(controlPlane.report().get("rejected.reason"))
        .contains("the resolver does not answer")
        .contains("Address already in use");
    assertThat(network.rules()).doesNotContain("SLUICE_DNS");
    assertThat(agent.resolverPid()).isEmpty();
  }

  @Test
  void aHostWithoutDnsmasqRefusesToCaptureAndSaysHowToInstallIt() throws Exception {
    agent.start("--dnsmasq", "/nonexistent/dnsmasq");
    controlPlane.serve(capturing(HOSTS));
    agent.awaitReport("state", "rejected");

    assertThat(controlPlane.report().get("rejected.reason"))
        .contains("DNS can't be captured")
        .contains("apt-get install dnsmasq-base");
    assertThat(agent.logged()).contains("event=no-resolver");
    assertThat(network.rules()).doesNotContain("SLUICE");

    agent.stop();
    agent.start("--resolv-conf", resolvConf.toString());
    agent.await(() -> answersAtOnce("backend.mesh"));
  }

  @Test
  void itRunsAsItsOwnUserInTheGroupOfSluiceWithoutCapabilities() throws Exception {
    started();
    Path process = Path.of("/proc", agent.resolverPid().orElseThrow().toString());
    String status = java.nio.file.Files.readString(process.resolve("status"));

    assertThat(status).containsPattern("(?m)^CapEff:\\s0+$").containsPattern("(?m)^CapBnd:\\s0+$");
    assertThat(status)
        .containsPattern("(?m)^NoNewPrivs:\\s1$")
        .containsPattern("(?m)^Groups:\\s*$");
    assertThat(java.nio.file.Files.getAttribute(process, "unix:uid")).isNotEqualTo(0);
  }

  @Test
  void aHostThatStartsHasItBeforeItsAgent() throws Exception {
    started();
    agent.kill();
    Processes.signal(agent.resolverPid().orElseThrow(), "KILL");
    agent.await(() -> agent.resolverPid().isEmpty());

    assertThat(agent.command("boot").code()).isZero();

    assertThat(udp(NOBODY, A, "backend.mesh").code()).isEqualTo(NO_ERROR);
  }

  @Test
  void uninstallEndsItAfterTheRules() throws Exception {
    String before = network.rules();
    started();
    agent.stop();
    assertThat(agent.command("uninstall", "--dry-run").out()).contains("stop the resolver");

    assertThat(agent.command("uninstall", "--purge").code()).isZero();

    assertThat(agent.resolverPid()).isEmpty();
    assertThat(network.rules()).doesNotContain("SLUICE");
    assertThat(before).doesNotContain("SLUICE");
    assertThat(udp(DnsWorld.FIRST, A, "up.example").records()).containsExactly("192.0.2.1");
  }

  @Test
  void aBridgeOfTheSettingsIsListenedOnAlsoWhenItComesLater() throws Exception {
    Map<String, String> files = capturing(HOSTS);
    files.computeIfPresent(
        "agent.properties",
        (path, settings) -> settings + "redirect.dns.interfaces=docker0,br-+\n");
    agent.start("--resolv-conf", resolvConf.toString());
    agent.applied(files);

    network.run("ip", "link", "add", "br-7", "type", "bridge");
    network.run("ip", "addr", "add", "172.30.7.1/24", "dev", "br-7");
    network.run("ip", "link", "set", "br-7", "up");

    agent.await(
        () ->
            network.inside(
                () ->
                    new DnsClient("172.30.7.1", DnsCapture.PORT).udp(A, "backend.mesh", 200).code()
                        == NO_ERROR));
  }

  private void started() throws Exception {
    agent.start("--resolv-conf", resolvConf.toString());
    agent.applied(capturing(HOSTS));
  }

  private Map<String, String> capturing(String hosts) {
    return DnsCapture.bundle(application.getLocalPort(), DnsCapture.PORT, hosts);
  }

  private static DnsClient client(String server) throws IOException {
    return new DnsClient(server, 53);
  }

  private DnsClient.Answer udp(String server, DnsClient.Type type, String name) throws Exception {
    return network.inside(() -> client(server).udp(type, name));
  }

  private DnsClient.Answer tcp(String server, DnsClient.Type type, String name) throws Exception {
    return network.inside(() -> client(server).tcp(type, name));
  }

  /** The records, which must be the same over UDP and TCP. */
  private List<String> both(String server, DnsClient.Type type, String name) throws Exception {
    List<String> records = udp(server, type, name).records();
    assertThat(tcp(server, type, name).records()).isEqualTo(records);
    return records;
  }

  /** Nothing where a question stays without an answer: one may be asked while servers change. */
  private List<String> recordsAtOnce(String name) throws Exception {
    return network.inside(
        () -> {
          try {
            return client(NOBODY).udp(A, name, 200).records();
          } catch (IOException e) {
            return List.of();
          }
        });
  }

  private boolean answersAtOnce(String name) throws Exception {
    return network.inside(
        () -> {
          try {
            return client(NOBODY).udp(A, name, 200).code() == NO_ERROR;
          } catch (IOException e) {
            return false;
          }
        });
  }

  private String askedInGroup(String group, int port, String name) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return network.run(
        "setpriv",
        "--regid=" + group,
        "--clear-groups",
        "--",
        java,
        "-cp",
        Path.of("target/test-classes").toAbsolutePath().toString(),
        "io.sluice.agent.DnsClient",
        DnsWorld.FIRST,
        "53",
        String.valueOf(port),
        "A",
        name);
  }

  /** Clients that ask all the time, each question once. */
  private final class Load {

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> lost = java.util.Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> clients = new ArrayList<>();

    Load() throws Exception {
      for (String name : List.of("backend.mesh", "up.example", "web.mesh")) {
        clients.add(network.onThread(() -> ask(name)));
      }
    }

    private void ask(String name) throws Exception {
      while (!over.get()) {
        try {
          if (client(NOBODY).udp(A, name, 2_000).code() != NO_ERROR) {
            lost.add(name + " did not exist");
          }
          answered.incrementAndGet();
        } catch (IOException e) {
          lost.add(name + ": " + e);
        }
        Thread.sleep(1);
      }
    }

    void end(String during) throws Exception {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
      System.out.printf(
          "DNS, %s: %d questions, %d lost during %s%n",
          backend, answered.get(), lost.size(), during);
      assertThat(lost).isEmpty();
      assertThat(answered.get()).isGreaterThan(100);
    }
  }
}
