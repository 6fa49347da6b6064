package io.sluice.resources.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Resource;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ResourceWriterTest {

  private static final String DEMO_APP =
      """
      type: Dataplane
      mesh: default
      name: demo-app
      networking:
        address: 10.119.249.39
        inbound:
        - port: 15000
          servicePort: 5000
          serviceAddress: 127.0.0.1
          tags:
            kuma.io/protocol: http
            kuma.io/service: app
      """;

  /** Every field of a Dataplane, none at its default. */
  private static final String FULL_DATAPLANE =
      """
      type: Dataplane
      mesh: default
      name: full
      labels:
        kuma.io/zone: "1"
      networking:
        address: 192.168.0.1
        advertisedAddress: web.example.com
        inbound:
        - port: 80
          servicePort: 8080
          serviceAddress: ::1
          address: 192.168.0.2
          tags:
            kuma.io/service: web
            version: "1.10"
          health:
            ready: false
          serviceProbe:
            interval: 1.5s
            timeout: 0.000000001s
            unhealthyThreshold: 1
            healthyThreshold: 2
            tcp: {}
          state: NotReady
          name: main
        outbound:
        - address: 127.0.0.2
          port: 81
          backendRef:
            kind: MeshService
            name: backend
            port: 82
            labels:
              a: b
        transparentProxying:
          redirectPortInbound: 15006
          redirectPortOutbound: 15001
          ipFamilyMode: IPv4
          directAccessServices:
          - '*'
          reachableServices:
          - "yes"
          reachableBackends:
            refs:
            - kind: MeshService
              labels:
                a: b
        admin:
          port: 9901
      metrics:
        name: p
        type: prometheus
        conf:
          port: 5670
          ratio: 0.5
          tags: []
      probes:
        port: 9000
        endpoints:
        - inboundPort: 8080
          inboundPath: /healthy
          path: /8080/healthy
      """;

  private static final String FULL_MESH =
      """
      type: Mesh
      name: default
      labels:
        a: b
      mtls:
        enabledBackend: ca
        backends:
        - name: ca
          type: builtin
          dpCert:
            rotation:
              expiration: 1d
            requestTimeout: 10s
          conf:
            caCert:
              RSAbits: 2048
          mode: PERMISSIVE
          rootChain:
            requestTimeout: 10s
        skipValidation: true
      tracing:
        defaultBackend: t
        backends:
        - name: t
          sampling: 99.5
          type: zipkin
          conf:
            url: http://zipkin:9411/api/v2/spans
      logging:
        defaultBackend: l
        backends:
        - name: l
          format: |-
            first
            second
          type: file
          conf:
            path: /var/log/x
      metrics:
        enabledBackend: p
        backends:
        - name: p
          type: prometheus
      networking:
        outbound:
          passthrough: false
      routing:
        localityAwareLoadBalancing: true
        zoneEgress: true
        defaultForbidMeshExternalServiceAccess: false
      constraints:
        dataplaneProxy:
          requirements:
          - tags:
              kuma.io/service: '*'
          restrictions:
          - tags:
              env: prod
      skipCreatingInitialPolicies:
      - '*'
      meshServices:
        mode: Exclusive
      """;

  @ParameterizedTest
  @ValueSource(strings = {DEMO_APP, FULL_DATAPLANE, FULL_MESH})
  void whatWasReadIsWrittenTheSame(String yaml) {
    assertThat(DocumentWriter.write(ResourceWriter.tree(read(yaml)), Format.YAML)).isEqualTo(yaml);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void readingWhatWasWrittenGivesAnEqualResource(Format format) {
    for (String yaml : new String[] {DEMO_APP, FULL_DATAPLANE, FULL_MESH}) {
      Resource resource = read(yaml);
      String written = DocumentWriter.write(ResourceWriter.tree(resource), format);

      assertThat(
              ResourceReader.read(DocumentReader.read(written.getBytes(UTF_8), format)).resource())
          .isEqualTo(resource);
    }
  }

  @Test
  void timesStandBetweenTheNameAndTheLabels() {
    Instant created = Instant.parse("2026-11-22T10:00:00Z");

    assertThat(
            DocumentWriter.write(
                ResourceWriter.tree(
                    read("type: Mesh\nname: m\nlabels: {a: b}\n"), created, created.plusSeconds(1)),
                Format.YAML))
        .isEqualTo(
            """
            type: Mesh
            name: m
            creationTime: "2026-11-22T10:00:00Z"
            modificationTime: "2026-11-22T10:00:01Z"
            labels:
              a: b
            """);
  }

  @Test
  void theSpecificationIsWhatNoColumnHolds() {
    assertThat(ResourceWriter.spec(read(DEMO_APP)).propertyNames()).containsExactly("networking");
    assertThat(ResourceWriter.spec(read("type: Mesh\nname: m\n"))).isEmpty();
  }

  @Test
  void zerosAndDefaultsAreNotWritten() {
    String yaml =
        """
        type: Dataplane
        mesh: default
        name: zeros
        networking:
          address: 10.0.0.1
          advertisedAddress: ""
          inbound: []
          gateway: {type: DELEGATED, tags: {kuma.io/service: edge}}
          transparentProxying: {redirectPortInbound: 0, ipFamilyMode: UnSpecified}
          admin: {port: 0}
        """;

    assertThat(ResourceWriter.tree(read(yaml)).toString())
        .isEqualTo(
            "{\"type\":\"Dataplane\",\"mesh\":\"default\",\"name\":\"zeros\",\"networking\":"
                + "{\"address\":\"10.0.0.1\",\"gateway\":{\"tags\":{\"kuma.io/service\":\"edge\"}},"
                + "\"transparentProxying\":{},\"admin\":{}}}");
  }

  @Test
  void presentButEmptyReachableBackendsStayPresent() {
    String yaml =
        DEMO_APP
            + "  transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001, reachableBackends: {}}\n";

    assertThat(
            ResourceWriter.tree(read(yaml))
                .at("/networking/transparentProxying/reachableBackends")
                .isObject())
        .isTrue();
  }

  @Test
  void aStoredResourceIsReadThoughItWouldBeRefusedToday() {
    Resource loop =
        ResourceReader.stored(
            DocumentReader.read(DEMO_APP.replace("15000", "15006").getBytes(UTF_8), Format.YAML));

    assertThat(loop.name()).isEqualTo("demo-app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " x",
        "yes",
        "NO",
        "null",
        "~",
        "1",
        "1.0",
        "010",
        "0x1f",
        "1_000",
        "12:30",
        "2026-11-22",
        "a: b",
        "a #b",
        "- a",
        "*a",
        "&a",
        "!a",
        "{a",
        "[a",
        "'",
        "\"",
        "<<",
        "=",
        "a\nb",
        "a\n",
        "\n",
        "a\tb",
        "é",
        "😀",
        "---",
        "...",
        "%a",
        "@a",
        "`a",
        "10.0.0.1",
        "::1",
        "true",
        ".inf",
        "1e3"
      })
  void everyTextComesBackAsItWas(String text) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("value", text).putArray("list").add(text);
    if (!text.isEmpty()) {
      tree.put(text, "key");
    }

    String yaml = DocumentWriter.write(tree, Format.YAML);

    assertThat(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML)).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.119.249.39",
        "::1",
        "fe80::ab",
        "kuma.io/service",
        "a:b",
        "http://x:80/y?z",
        "1.2.3",
        "web-1",
        "app_1"
      })
  void textsThatEveryReaderTakesForTextHaveNoQuotes(String text) {
    assertThat(
            DocumentWriter.write(JsonNodeFactory.instance.objectNode().put("a", text), Format.YAML))
        .isEqualTo("a: " + text + "\n");
  }

  private static Resource read(String yaml) {
    return ResourceReader.read(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML)).resource();
  }
}
