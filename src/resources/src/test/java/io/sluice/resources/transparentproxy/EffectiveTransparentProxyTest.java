package io.sluice.resources.transparentproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EffectiveTransparentProxyTest {

  private static final String BOTH_PORTS =
      "transparentProxying: {redirectPortInbound: 16006, redirectPortOutbound: 16001}";

  @Test
  void withoutPoliciesAllIsDefaultAndNothingIsCaptured() {
    EffectiveTransparentProxy effective = effective("");

    assertThat(effective.mode()).isEqualTo(Mode.NONE);
    assertThat(effective.origins().values()).containsOnly("default");
    assertThat(effective.values()).containsOnlyKeys(effective.origins().keySet());
    assertThat(value(effective, "redirect.inbound.protectedPorts")).isEqualTo("[\"22\"]");
    assertThat(value(effective, "redirect.dns.enabled")).isEqualTo("true");
  }

  @Test
  void bothRedirectPortsMakeADataplaneTransparentAndWinOverPolicies() {
    EffectiveTransparentProxy effective =
        effective(BOTH_PORTS, "a: {redirect: {inbound: {port: 17006}, dns: {port: 17053}}}");

    assertThat(effective.mode()).isEqualTo(Mode.IPTABLES);
    assertThat(effective.capture().inboundPort()).isEqualTo(16006);
    assertThat(effective.capture().dnsPort()).isEqualTo(17053);
    assertThat(effective.origins())
        .containsEntry("mode", "Dataplane it")
        .containsEntry("redirect.inbound.port", "Dataplane it")
        .containsEntry("redirect.dns.port", "MeshTransparentProxy a");
  }

  @Test
  void theModeOfAPolicyWinsOverRedirectPorts() {
    assertThat(effective(BOTH_PORTS, "a: {mode: none}").mode()).isEqualTo(Mode.NONE);
    assertThat(effective("", "a: {mode: iptables}").mode()).isEqualTo(Mode.IPTABLES);
    assertThat(effective("", "a: {mode: ebpf}").mode()).isEqualTo(Mode.IPTABLES);
  }

  @Test
  void whetherOutboundIsCapturedIsToldAloneAsItIsMerged() {
    List<String> says =
        List.of(
            "a: {}",
            "a: {mode: none}",
            "a: {mode: iptables}",
            "a: {mode: ebpf}",
            "a: {redirect: {outbound: {enabled: false}}}",
            "a: {mode: iptables, redirect: {outbound: {enabled: true, port: 1}}}",
            "a: {redirect: {inbound: {enabled: false}}}");
    for (String ports : List.of("", BOTH_PORTS)) {
      for (String winner : says) {
        for (String loser : says) {
          List<MeshTransparentProxy> policies =
              Stream.of(winner, loser.replace("a:", "b:")).map(each -> policy(each)).toList();
          Dataplane dataplane = dataplane(ports);

          assertThat(EffectiveTransparentProxy.capturesOutbound(policies, dataplane))
              .as("%s, %s, %s", ports, winner, loser)
              .isEqualTo(EffectiveTransparentProxy.of(policies, dataplane).capturesOutbound());
        }
      }
    }
  }

  @Test
  void theDataplanesOwnFamiliesWinAndUnspecifiedIsAbsence() {
    assertThat(family("DualStack")).isEqualTo(IpFamilyMode.DUAL_STACK);
    assertThat(family("UnSpecified")).isEqualTo(IpFamilyMode.IPV4);
    assertThat(effective("", "a: {ipFamilyMode: ipv4}").ipFamilyMode())
        .isEqualTo(IpFamilyMode.IPV4);
  }

  @Test
  void mappingsMergeFieldByFieldListsWholeAndExplicitFalseAndEmptyAreValues() {
    EffectiveTransparentProxy effective =
        effective(
            "",
            "a: {redirect: {inbound: {excludePorts: []}, outbound: {enabled: false}}}",
            "b: {redirect: {inbound: {excludePorts: [1, 2], includePorts: 80}, outbound: {enabled:"
                + " true, excludePorts: '5,6-7'}}, dropInvalidPackets: true}",
            "c: {redirect: {inbound: {excludePorts: [3]}}, log: {enabled: true, level: 0}}");

    assertThat(value(effective, "redirect.inbound.excludePorts")).isEqualTo("[]");
    assertThat(value(effective, "redirect.inbound.includePorts")).isEqualTo("[\"80\"]");
    assertThat(value(effective, "redirect.outbound.enabled")).isEqualTo("false");
    assertThat(value(effective, "redirect.outbound.excludePorts")).isEqualTo("[\"5\",\"6-7\"]");
    assertThat(value(effective, "log.level")).isEqualTo("0");
    assertThat(effective.origins())
        .containsEntry("redirect.inbound.excludePorts", "MeshTransparentProxy a")
        .containsEntry("redirect.outbound.excludePorts", "MeshTransparentProxy b")
        .containsEntry("log.level", "MeshTransparentProxy c")
        .containsEntry("log.enabled", "MeshTransparentProxy c")
        .containsEntry("comments.disabled", "default");
  }

  private static IpFamilyMode family(String own) {
    return effective("transparentProxying: {ipFamilyMode: " + own + "}", "a: {ipFamilyMode: ipv4}")
        .ipFamilyMode();
  }

  private static String value(EffectiveTransparentProxy effective, String path) {
    return String.valueOf(effective.values().get(path));
  }

  /** Policies are {@code name: conf}, each for the whole mesh. */
  private static EffectiveTransparentProxy effective(String transparent, String... policies) {
    return EffectiveTransparentProxy.of(
        Stream.of(policies).map(each -> policy(each)).toList(), dataplane(transparent));
  }

  private static Dataplane dataplane(String transparent) {
    return (Dataplane)
        read(
            "type: Dataplane\nmesh: default\nname: it\nnetworking:\n  address: 10.0.0.1\n"
                + "  inbound:\n  - {port: 80, servicePort: 81, tags: {kuma.io/service: web}}\n"
                + "  "
                + transparent
                + "\n");
  }

  private static MeshTransparentProxy policy(String said) {
    return (MeshTransparentProxy)
        read(
            "type: MeshTransparentProxy\nmesh: default\nname: "
                + said.charAt(0)
                + "\nspec: {default"
                + said.substring(1)
                + "}\n");
  }

  private static Resource read(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
