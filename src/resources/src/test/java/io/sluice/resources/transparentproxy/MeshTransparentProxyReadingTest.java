package io.sluice.resources.transparentproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.codec.ReadResult;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.codec.ResourceWriter;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import io.sluice.resources.validation.Warning;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshTransparentProxyReadingTest {

  /** What Kuma 2.9 takes, with a value for each of its fields. */
  private static final String KUMA =
      """
      kumaDPUser: "5678"
      ipFamilyMode: ipv4
      redirect:
        namePrefix: kuma_
        inbound:
          enabled: true
          port: 15006
          includePorts: ""
          excludePorts: "22,9100"
          excludePortsForUIDs: []
          excludePortsForIPs: [10.1.2.3, "fd00::/8"]
          insertRedirectInsteadOfAppend: true
        outbound:
          enabled: false
          port: "15001"
          includePorts: 443
          excludePorts: [25, "8000"]
          excludePortsForUIDs: ["tcp:22:1000-2000", "53:1001", "1003", "*:*:7"]
          excludePortsForIPs: "192.0.2.0/24,198.51.100.1"
        dns:
          enabled: true
          captureAll: false
          port: 15053
          skipConntrackZoneSplit: true
          resolvConfigPath: /etc/resolv.conf
        vnet:
          networks: ["docker0:172.17.0.0/16", "br+:fd00::1/64"]
      ebpf: {enabled: false, instanceIP: "", bpffsPath: /run/kuma/bpf}
      dropInvalidPackets: true
      storeFirewalld: true
      verbose: false
      dryRun: false
      log: {enabled: true, level: 4}
      wait: 5
      waitInterval: 0
      retry: {maxRetries: 4, sleepBetweenRetries: 2s}
      iptablesExecutables: {iptables: /usr/sbin/iptables}
      comments: {disabled: true}
      cniMode: false
      """;

  @Test
  void aHostFileOfKumaMeansTheSame() {
    ReadResult read = read(KUMA);

    assertThat(DocumentWriter.write(ResourceWriter.tree(read.resource()), Format.YAML))
        .isEqualTo(
            """
            type: MeshTransparentProxy
            mesh: default
            name: it
            spec:
              default:
                ipFamilyMode: ipv4
                proxyUser: "5678"
                dropInvalidPackets: true
                redirect:
                  inbound:
                    enabled: true
                    port: 15006
                    includePorts: []
                    excludePorts:
                    - "22"
                    - "9100"
                    excludePortsForIPs:
                    - 10.1.2.3/32
                    - fd00::/8
                    insertRedirectInsteadOfAppend: true
                  outbound:
                    enabled: false
                    port: 15001
                    includePorts:
                    - "443"
                    excludePorts:
                    - "25"
                    - "8000"
                    excludePortsForIPs:
                    - 192.0.2.0/24
                    - 198.51.100.1/32
                    excludePortsForUIDs:
                    - tcp:22:1000-2000
                    - 53:1001
                    - "1003"
                    - "7"
                  dns:
                    enabled: true
                    port: 15053
                    captureAll: false
                    skipConntrackZoneSplit: true
                    resolvConfigPath: /etc/resolv.conf
                  vnet:
                    networks:
                    - docker0:172.17.0.0/16
                    - br+:fd00::/64
                log:
                  enabled: true
                  level: 4
                comments:
                  disabled: true
            """);
    assertThat(read.warnings())
        .extracting(Warning::field)
        .containsExactlyInAnyOrder(
            "spec.default.cniMode",
            "spec.default.dryRun",
            "spec.default.ebpf",
            "spec.default.iptablesExecutables",
            "spec.default.redirect.namePrefix",
            "spec.default.redirect.outbound.excludePorts",
            "spec.default.retry",
            "spec.default.storeFirewalld",
            "spec.default.verbose",
            "spec.default.wait",
            "spec.default.waitInterval");
  }

  @Test
  void whatWasWrittenReadsAsTheSame() {
    MeshTransparentProxy policy = (MeshTransparentProxy) read(KUMA).resource();

    assertThat(ResourceReader.stored(ResourceWriter.tree(policy))).isEqualTo(policy);
    assertThat(ResourceWriter.tree(policy).toString())
        .contains("\"proxyUser\":\"5678\"")
        .doesNotContain("kumaDPUser");
  }

  @Test
  void emptyListsFalseAndZeroAreKeptAsValues() {
    MeshTransparentProxy policy =
        (MeshTransparentProxy)
            read("redirect: {inbound: {enabled: false, excludePorts: []}}\nlog: {level: 0}\n")
                .resource();

    assertThat(ResourceWriter.tree(policy).path("spec").path("default").toString())
        .isEqualTo(
            "{\"redirect\":{\"inbound\":{\"enabled\":false,\"excludePorts\":[]}},"
                + "\"log\":{\"level\":0}}");
  }

  @Test
  void uidsOfInboundConnectionsHaveNoEffectAndThatIsSaid() {
    assertThat(read("redirect: {inbound: {excludePortsForUIDs: ['1000']}}").warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.field())
                    .isEqualTo("spec.default.redirect.inbound.excludePortsForUIDs"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{mode: ipvs} | mode",
        "{ipFamilyMode: ipv6} | ipFamilyMode",
        "{proxyUser: 'a b'} | proxyUser",
        "{proxyUser: 0} | proxyUser",
        "{proxyUser: root} | proxyUser",
        "{proxyUser: 4294967295} | proxyUser",
        "{proxyUser: '99999999999'} | proxyUser",
        "{proxyUser: a, kumaDPUser: b} | kumaDPUser",
        "{onProxyFailure: maybe} | onProxyFailure",
        "{redirect: {inbound: {port: 0}}} | redirect.inbound.port",
        "{redirect: {inbound: {port: 99999}}} | redirect.inbound.port",
        "{redirect: {inbound: {port: 80}, outbound: {port: 80}}} | redirect.outbound.port",
        "{redirect: {inbound: {includePorts: [80, 0]}}} | redirect.inbound.includePorts[1]",
        "{redirect: {inbound: {includePorts: '80,x'}}} | redirect.inbound.includePorts",
        "{redirect: {inbound: {excludePorts: ['90-80']}}} | redirect.inbound.excludePorts[0]",
        "{redirect: {inbound: {excludePortsForIPs: [10.0.0.0/33]}}} |"
            + " redirect.inbound.excludePortsForIPs[0]",
        "{redirect: {outbound: {excludePortsForUIDs: ['*']}}} |"
            + " redirect.outbound.excludePortsForUIDs[0]",
        "{redirect: {outbound: {excludePortsForUIDs: ['sctp:1:1']}}} |"
            + " redirect.outbound.excludePortsForUIDs[0]",
        "{redirect: {outbound: {excludePortsForUIDs: ['a:b:c:d']}}} |"
            + " redirect.outbound.excludePortsForUIDs[0]",
        "{redirect: {dns: {resolvConfigPath: resolv.conf}}} | redirect.dns.resolvConfigPath",
        "{redirect: {vnet: {networks: ['172.17.0.0/16']}}} | redirect.vnet.networks[0]",
        "{redirect: {vnet: {networks: ['a b:172.17.0.0/16']}}} | redirect.vnet.networks[0]",
        "{log: {level: 8}} | log.level",
        "{redirect: {outbond: {}}} | redirect.outbond"
      })
  void aBadValueIsNamedWithItsPlace(String conf, String field) {
    assertThat(violations(conf))
        .extracting(Violation::field)
        .containsExactly("spec.default." + field);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: Mesh, name: x} | name",
        "{kind: MeshService} | name",
        "{kind: MeshServiceSubset, name: x} | ",
        "{kind: MeshSubset, tags: {'': x}} | tags",
        "{kind: MeshSubset, tags: {a: '*'}} | tags[\"a\"]",
        "{kind: Mesh, tags: {a: b}} | tags",
        "{kind: Dataplane, name: x, proxyTypes: [Sidecar]} | proxyTypes",
        "{kind: MeshGateway, name: x} | kind",
        "{name: x} | kind",
        "{kind: Mesh, proxyTypes: [Ingress]} | proxyTypes[0]"
      })
  void aTargetIsJudgedAsInKuma(String target, String field) {
    List<String> fields =
        violationsOf("spec: {targetRef: " + target + "}").stream().map(Violation::field).toList();

    assertThat(fields).isEqualTo(field == null ? List.of() : List.of("spec.targetRef." + field));
  }

  private static ReadResult read(String conf) {
    return document("spec:\n  default:\n" + conf.indent(4));
  }

  private static List<Violation> violations(String conf) {
    return violationsOf("spec: {default: " + conf + "}");
  }

  private static List<Violation> violationsOf(String yaml) {
    try {
      document(yaml);
      return List.of();
    } catch (InvalidResource e) {
      return e.violations();
    }
  }

  private static ReadResult document(String yaml) {
    return ResourceReader.read(
        DocumentReader.read(
            ("type: MeshTransparentProxy\nmesh: default\nname: it\n" + yaml + "\n")
                .getBytes(StandardCharsets.UTF_8),
            Format.YAML));
  }
}
