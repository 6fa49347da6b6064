package io.sluice.agent.envoy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.Bundles;
import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvoyConfigCheckTest {

  private static final String BOOTSTRAP = "envoy/bootstrap.json";
  private static final String LISTENER = "envoy/listeners/a.json";
  private static final String CLUSTER = "envoy/clusters/a.json";

  @Test
  void whatARendererWritesIsTaken() throws RefusedException {
    check(BOOTSTRAP, Bundles.bootstrap("default.web"));
    check(LISTENER, Bundles.listener("a", 1, "a"));
    check(CLUSTER, Bundles.cluster("a"));
    check("envoy/endpoints/a.json", Bundles.endpoints("a", 1));
    check("mesh/listeners/a.json", Bundles.listener("a", 1, "a"));
    check("mesh/clusters/a.json", Bundles.cluster("a"));
    check("mesh/endpoints/a.json", Bundles.endpoints("a", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run/envoy-admin.sock | /tmp/open.sock",
        "live/lds.json | /etc/passwd",
        "\"pipe\":{\"path\":\"run/envoy-admin.sock\"} | \"socket_address\":{\"address\":\"0.0.0.0\"}",
        "{\"node\" | {\"static_resources\":{\"listeners\":[{\"name\":\"x\"}]},\"node\"",
        "{\"node\" | {\"layered_runtime\":{\"layers\":[{\"name\":\"x\"}]},\"node\"",
        "{\"node\" | {\"staticResources\":{\"clusters\":[{\"name\":\"x\"}]},\"node\"",
        "{\"node\" | {\"admin\":{\"access_log_path\":\"/etc/x\"},\"node\"",
        "{\"node\" | {\"node\":{\"id\":\"x\"},\"node\"",
        "{\"node\" | {\"\\u0061dmin\":{\"access_log_path\":\"/etc/x\"},\"node\""
      })
  void aBootstrapThatSaysMoreThanWhoItIsIsRefused(String part, String forged) {
    assertRefused(BOOTSTRAP, Bundles.bootstrap("default.web").replace(part, forged));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "envoy.extensions.filters.network.wasm.v3.Wasm",
        "envoy.extensions.filters.http.lua.v3.Lua",
        "envoy.extensions.access_loggers.file.v3.FileAccessLog"
      })
  void aTypeThatRunsCodeOrWritesFilesIsRefused(String type) {
    assertRefused(
        LISTENER,
        Bundles.listener("a", 1, "a")
            .replace("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", type));
    assertRefused(
        LISTENER,
        Bundles.listener("a", 1, "a")
            .replace("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", type)
            .replace("\"@type\":\"type.googleapis", "\"\\u0040type\":\"type.googleapis"));
  }

  @Test
  void endpointsOutsideTheLiveFolderAreRefused() {
    assertRefused(CLUSTER, Bundles.cluster("a").replace("live/endpoints/", "live/../../etc/"));
    assertRefused(
        CLUSTER,
        Bundles.cluster("a")
            .replace("path_config_source", "api_config_source")
            .replace("path\"", "x\""));
  }

  @Test
  void ofTheAdminApiOnlyReadinessIsOffered() throws RefusedException {
    String ready =
        """
        {"@type":"type.googleapis.com/envoy.config.listener.v3.Listener","name":"sluice:admin",\
        "x":{"virtual_hosts":[{"name":"sluice:admin","routes":[{"match":{"path":"/ready"},\
        "route":{"cluster":"sluice:admin"}}]}]}}""";
    check(LISTENER, ready);
    assertRefused(LISTENER, ready.replace("/ready", "/quitquitquit"));
    assertRefused(LISTENER, ready.replace("\"path\":\"/ready\"", "\"prefix\":\"/\""));
    assertRefused(
        LISTENER, ready.replace("\"cluster\":\"s", "\"prefix_rewrite\":\"/x\",\"cluster\":\"s"));
    assertRefused(LISTENER, ready.replace("\"cluster\":", "\"cluster_header\":"));
    assertRefused(LISTENER, Bundles.listener("a", 1, "sluice:admin"));
  }

  @Test
  void onlyTheAdminClusterDialsItsSocketAndNoOther() throws RefusedException {
    String admin =
        """
        {"@type":"type.googleapis.com/envoy.config.cluster.v3.Cluster","name":"sluice:admin",\
        "load_assignment":{"endpoints":[{"lb_endpoints":[{"endpoint":{"address":{"pipe":\
        {"path":"run/envoy-admin.sock"}}}}]}]}}""";
    check(CLUSTER, admin);
    assertRefused(CLUSTER, admin.replace("sluice:admin", "web"));
    assertRefused(CLUSTER, admin.replace("run/envoy-admin.sock", "/run/docker.sock"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "{}x", "{},{}", " {}", "{\"a\":01}", "{\"a\":}"})
  void whatIsNotOneObjectIsRefused(String text) {
    assertRefused(LISTENER, text);
  }

  @Test
  void aSecondObjectInAFileIsRefused() {
    String listener = Bundles.listener("a", 1, "a");
    assertRefused(LISTENER, listener + "," + listener);
    assertRefused(LISTENER, listener + "]}");
    assertRefused(LISTENER, listener.substring(0, listener.length() - 1));
  }

  @Test
  void deepNestingIsRefused() {
    assertRefused(LISTENER, "{\"a\":" + "[".repeat(100_000));
  }

  @Test
  void aListenerAmongClustersIsRefused() {
    assertRefused(CLUSTER, Bundles.listener("a", 1, "a"));
  }

  @Test
  void aFileOfAnotherKindIsRefused() {
    assertRefused("envoy/wasm/filter.json", "{}");
    assertRefused("mesh/bootstrap.json", Bundles.bootstrap("default.web"));
    assertRefused("mesh/clusters/a/b.json", Bundles.cluster("a"));
  }

  @Test
  void aResourceThatIsBothTheDataplanesAndTheMeshsIsRefused() throws RefusedException {
    Tree tree =
        Tree.of(
            Map.of(
                "envoy/clusters/a.json", Digest.of(new byte[1]),
                "mesh/clusters/a.json", Digest.of(new byte[2])));

    assertThatThrownBy(() -> ResourceKind.CLUSTER.demandDistinct(tree))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("both envoy/clusters/a.json and mesh/clusters/a.json");
  }

  private static void assertRefused(String path, String content) {
    assertThatThrownBy(() -> check(path, content)).isInstanceOf(RefusedException.class);
  }

  private static void check(String path, String content) throws RefusedException {
    EnvoyConfigCheck.file(path, content.getBytes(StandardCharsets.UTF_8));
  }
}
