package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.host.PrivateHost;
import io.sluice.rendering.host.Program;
import io.sluice.rendering.host.RunningEnvoy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvoyServesGoldensTest {

  @TempDir private Path folder;
  private PrivateHost host;

  @BeforeEach
  void hostHasTheAddressesOfTheGoldens() {
    host = new PrivateHost(folder);
    Program.Result result =
        host.run(
            "ip addr add 10.0.0.1/32 dev lo; ip addr add 192.0.2.1/32 dev lo;"
                + " ip -6 addr add ::6/128 dev lo; ip link add wan type veth peer name world;"
                + " ip link set wan up; ip link set world up;"
                + " ip addr add 10.1.0.1/24 dev wan; ip route add default dev wan");
    assertThat(result).isEqualTo(new Program.Result(0, ""));
  }

  @AfterEach
  void hostIsRemoved() {
    host.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transparent-several-inbounds",
        "transparent-with-admin-port",
        "explicit-protocols",
        "explicit-outbounds",
        "explicit-odd-names",
        "services-transparent",
        "services-explicit"
      })
  void nothingOfTheLiveFolderIsRejected(String name) {
    Bundle bundle = Golden.named(name).rendered();
    long listeners =
        bundle.files().keySet().stream().filter(path -> path.contains("/listeners/")).count();

    try (RunningEnvoy envoy = new RunningEnvoy(host, bundle)) {
      Map<String, String> statistics = envoy.statistics();

      assertThat(statistics)
          .containsEntry("listener_manager.total_listeners_active", Long.toString(listeners))
          .containsEntry("listener_manager.lds.update_success", "1")
          .containsEntry("cluster_manager.cds.update_success", "1")
          .allSatisfy(
              (statistic, value) -> {
                if (statistic.matches(".*(update_rejected|update_failure|create_failure)")) {
                  assertThat(value).as(statistic).isEqualTo("0");
                }
              });
      assertThat(envoy.admin("/ready")).isEqualTo("LIVE\n");
    }
  }

  @Test
  void aWorkloadMovesByItsEndpointsFileAlone() {
    Bundle bundle = Golden.named("transparent").rendered();
    String file = "endpoints/inbound-10.0.0.1-5000.json";

    try (RunningEnvoy envoy = new RunningEnvoy(host, bundle)) {
      envoy.rename(
          "live/" + file,
          bundle.text("envoy/" + file).replace("\"port_value\":5000", "\"port_value\":5001"));

      await()
          .untilAsserted(
              () ->
                  assertThat(envoy.admin("/clusters"))
                      .contains("inbound:10.0.0.1:5000::10.0.0.1:5001::"));
      assertThat(envoy.statistics())
          .containsEntry("listener_manager.listener_modified", "0")
          .containsEntry("cluster_manager.cluster_modified", "0");
    }
  }

  @Test
  void anHttpOutboundWithoutEndpointsAnswers503AtOnce() {
    try (RunningEnvoy envoy =
        new RunningEnvoy(host, Golden.named("explicit-outbounds").rendered())) {
      assertThat(curl("http://127.0.0.2:8081/")).isEqualTo(new Program.Result(0, "503"));
      assertThat(envoy.statistics())
          .containsEntry("http.outbound_127_0_0_2_8081.downstream_rq_5xx", "1");
    }
  }

  @Test
  void aTcpOutboundWithoutEndpointsClosesAtOnce() {
    try (RunningEnvoy envoy =
        new RunningEnvoy(host, Golden.named("explicit-outbounds").rendered())) {
      assertThat(curl("http://127.0.0.1:8080/").output()).isEqualTo("000");
      assertThat(envoy.statistics())
          .containsEntry("tcp.outbound_127_0_0_1_8080.downstream_cx_total", "1")
          .containsEntry("cluster.backend.upstream_cx_none_healthy", "1");
    }
  }

  @Test
  void anUnknownDestinationIsClosedAndCountedWithoutPassthrough() throws Exception {
    Bundle bundle = Golden.named("transparent-without-passthrough").rendered();
    load(bundle);

    try (RunningEnvoy envoy = new RunningEnvoy(host, bundle)) {
      assertThat(curl("http://10.1.0.9:80/").output()).isEqualTo("000");
      assertThat(envoy.statistics())
          .containsEntry("tcp.outbound_passthrough_ipv4_refused.downstream_cx_total", "1")
          .containsEntry("cluster.sluice_blackhole.upstream_cx_none_healthy", "1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:15006", "10.0.0.1:15001", "10.1.0.9:15006", "10.1.0.9:15001"})
  void aConnectionToTheProxysOwnPortsGoesNowhere(String destination) throws Exception {
    Bundle bundle = Golden.named("transparent").rendered();
    load(bundle);

    try (RunningEnvoy envoy = new RunningEnvoy(host, bundle)) {
      assertThat(curl("http://" + destination + "/").output()).isEqualTo("000");
      assertThat(envoy.statistics())
          .containsEntry("cluster.sluice_blackhole.upstream_cx_none_healthy", "1")
          .containsEntry("cluster.inbound_passthrough_ipv4.upstream_cx_total", "0")
          .containsEntry("cluster.outbound_passthrough_ipv4.upstream_cx_total", "0");
    }
  }

  @Test
  void theAdminPortShowsReadinessAndNothingElse() {
    try (RunningEnvoy envoy =
        new RunningEnvoy(host, Golden.named("transparent-with-admin-port").rendered())) {
      assertThat(curl("http://10.0.0.1:9901/ready").output()).isEqualTo("200");
      assertThat(curl("http://10.0.0.1:9901/stats").output()).isEqualTo("404");
      assertThat(curl("http://10.0.0.1:9901/ready/../quitquitquit").output()).isEqualTo("404");
      assertThat(curl("--request POST http://10.0.0.1:9901/ready").output()).isEqualTo("404");
      assertThat(envoy.admin("/ready")).isEqualTo("LIVE\n");
    }
  }

  private Program.Result curl(String arguments) {
    return host.run(
        "curl --silent --max-time 10 --path-as-is --output /dev/null --write-out '%{http_code}' "
            + arguments
            + " || true");
  }

  private void load(Bundle bundle) throws Exception {
    Files.writeString(folder.resolve("v4"), bundle.text("iptables/v4.rules"));
    assertThat(host.run("iptables-restore --noflush v4")).isEqualTo(new Program.Result(0, ""));
  }
}
