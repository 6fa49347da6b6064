package io.sluice.acceptance;

import static io.sluice.acceptance.Exchange.request;
import static io.sluice.acceptance.ExchangeAssert.assertThat;
import static io.sluice.acceptance.process.Direction.INBOUND;
import static io.sluice.acceptance.process.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.DataPath;
import io.sluice.acceptance.process.Direction;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sequence of a captured request: client → 15006 → application → 15001 → upstream. */
@ExtendWith(SharedWorld.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapturedTrafficTest {

  private final Host client;
  private final Host host;
  private final Host upstream;
  private final AgentProcess agent;
  private final DataPath path;

  CapturedTrafficTest(World world) throws IOException {
    client = world.host("captured-client");
    host = world.host("captured");
    upstream = world.host("captured-upstream");
    world.application("front-end", host, "::", 5000);
    world.application("other", host, "::", 7000);
    world.application("ssh", host, "::", 22);
    world.application("upstream", upstream, "::", 80);
    Fleet fleet = new Fleet(world.operator());
    fleet.put("captured", Dataplanes.transparent("captured", host, 5000));
    agent = world.agent(host, "captured");
    path = agent.dataPath();
    fleet.awaitInSync("captured");
  }

  @BeforeAll
  void envoyAndRulesAreInPlace() {
    assertThat(path.listening(INBOUND.port())).extracting("program").contains("envoy");
    assertThat(path.listening(OUTBOUND.port())).extracting("program").contains("envoy");
  }

  @AfterAll
  void remove() {
    agent.stop();
    agent.uninstall();
  }

  @Test
  void inboundIsCapturedAndTheApplicationCalledFromEnvoysAddress() throws IOException {
    assertThat(request(client, host.ipv4(5000)).watching(path))
        .wasAnsweredBy("front-end")
        .wasCapturedOnce(INBOUND)
        .calledFrom("127.0.0.6");
  }

  @Test
  void inboundIsCapturedOverIpv6() throws IOException {
    assertThat(request(client, host.ipv6(5000)).watching(path))
        .wasAnsweredBy("front-end")
        .wasCapturedOnce(INBOUND)
        .calledFrom("::6");
  }

  @Test
  void inboundToAPortWithoutAnInboundPassesThrough() throws IOException {
    assertThat(request(client, host.ipv4(7000)).watching(path))
        .wasAnsweredBy("other")
        .wasCapturedOnce(INBOUND)
        .calledFrom("127.0.0.6");
  }

  @Test
  void sshIsNeverCaptured() throws IOException {
    assertThat(request(client, host.ipv4(22)).watching(path))
        .wasAnsweredBy("ssh")
        .wasNotCaptured()
        .calledFrom(client.ipv4().getHostAddress());
  }

  @Test
  void outboundIsCapturedAndReachesItsOriginalDestination() throws IOException {
    assertThat(request(host, upstream.ipv4(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasCapturedOnce(OUTBOUND)
        .calledFrom(host.ipv4().getHostAddress());
  }

  @Test
  void outboundIsCapturedOverIpv6() throws IOException {
    assertThat(request(host, upstream.ipv6(80)).watching(path))
        .wasAnsweredBy("upstream")
        .wasCapturedOnce(OUTBOUND)
        .calledFrom(IpText.of(host.ipv6()));
  }

  @Test
  void loopbackIsNotCaptured() throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5000);
    assertThat(request(host, loopback).watching(path))
        .wasAnsweredBy("front-end")
        .wasNotCaptured()
        .calledFrom("127.0.0.1");
  }

  @ParameterizedTest
  @EnumSource
  void aDirectDialOfAProxyPortMakesNoLoop(Direction direction) {
    long before = path.accepted(INBOUND) + path.accepted(OUTBOUND);
    for (InetAddress address : new InetAddress[] {host.ipv4(), host.ipv6()}) {
      String url = "http://" + new Literal(address) + ":" + direction.port() + "/";
      client.namespace().attempt("curl", "-sS", "-m", "3", url);
    }
    assertThat(path.accepted(INBOUND) + path.accepted(OUTBOUND) - before)
        .as("connections that two direct dials made")
        .isLessThanOrEqualTo(4);
  }

  /** An address as it stands in a URL. */
  private record Literal(InetAddress address) {
    @Override
    public String toString() {
      String text = address.getHostAddress();
      return text.contains(":") ? "[" + text + "]" : text;
    }
  }
}
