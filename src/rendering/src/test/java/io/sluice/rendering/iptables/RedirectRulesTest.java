package io.sluice.rendering.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.dataplane.Mode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RedirectRulesTest {

  private static final RedirectSettings.Inbound INBOUND = RedirectSettings.DEFAULTS.inbound();
  private static final RedirectSettings.Outbound OUTBOUND = RedirectSettings.DEFAULTS.outbound();

  @Test
  void excludedInboundPortsPassAndAllOthersAreCaptured() {
    var inbound = new RedirectSettings.Inbound(15006, List.of(), List.of(9090, 80), List.of());

    assertThat(decisions("SLUICE_INBOUND", settings(inbound, OUTBOUND)))
        .containsExactly(
            "-p tcp --dport 80 -j RETURN",
            "-p tcp --dport 9090 -j RETURN",
            "-p tcp -j SLUICE_INBOUND_REDIRECT");
  }

  @Test
  void includedInboundPortsAreTheOnlyOnesAndExcludedOnesMeanNothing() {
    var inbound = new RedirectSettings.Inbound(15006, List.of(80), List.of(80, 81), List.of());

    assertThat(decisions("SLUICE_INBOUND", settings(inbound, OUTBOUND)))
        .containsExactly("-p tcp --dport 80 -j SLUICE_INBOUND_REDIRECT");
  }

  @Test
  void aProtectedPortIsNotCapturedEvenWhenItIsIncluded() {
    var inbound = new RedirectSettings.Inbound(15006, List.of(22), List.of(), List.of(22));

    assertThat(decisions("SLUICE_INBOUND", settings(inbound, OUTBOUND)))
        .containsExactly(
            "-p tcp --dport 22 -j RETURN", "-p tcp --dport 22 -j SLUICE_INBOUND_REDIRECT");
  }

  @Test
  void excludedOutboundPortsPassAfterWhatHoldsForEveryHost() {
    var outbound = new RedirectSettings.Outbound(15001, List.of(), List.of(5432));

    assertThat(decisions("SLUICE_OUTBOUND", settings(INBOUND, outbound)))
        .endsWith("-p tcp --dport 5432 -j RETURN", "-p tcp -j SLUICE_OUTBOUND_REDIRECT")
        .hasSize(9);
  }

  @Test
  void includedOutboundPortsAreTheOnlyOnes() {
    var outbound = new RedirectSettings.Outbound(15001, List.of(443, 80), List.of());

    assertThat(decisions("SLUICE_OUTBOUND", settings(INBOUND, outbound)))
        .endsWith(
            "-d 127.0.0.1/32 -j RETURN",
            "-p tcp --dport 80 -j SLUICE_OUTBOUND_REDIRECT",
            "-p tcp --dport 443 -j SLUICE_OUTBOUND_REDIRECT");
  }

  @Test
  void theRedirectPortsAreTheOnlyRulesOfTheirChains() {
    var inbound = new RedirectSettings.Inbound(16006, List.of(), List.of(), List.of());
    var outbound = new RedirectSettings.Outbound(16001, List.of(), List.of());
    RedirectSettings settings = settings(inbound, outbound);

    assertThat(decisions("SLUICE_INBOUND_REDIRECT", settings))
        .containsExactly("-p tcp -j REDIRECT --to-ports 16006");
    assertThat(decisions("SLUICE_OUTBOUND_REDIRECT", settings))
        .containsExactly("-p tcp -j REDIRECT --to-ports 16001");
  }

  @Test
  void theProxyUserMayBeANumber() {
    var settings =
        new RedirectSettings(Mode.IPTABLES, IpFamilyMode.IPV4, "5678", INBOUND, OUTBOUND);

    assertThat(decisions("SLUICE_OUTBOUND", settings))
        .contains("-m owner --uid-owner 5678 -j RETURN");
  }

  private static RedirectSettings settings(
      RedirectSettings.Inbound inbound, RedirectSettings.Outbound outbound) {
    return new RedirectSettings(
        Mode.IPTABLES, IpFamilyMode.DUAL_STACK, "sluice-proxy", inbound, outbound);
  }

  /** The rules of one chain without their reasons. */
  private static Stream<String> decisions(String chain, RedirectSettings settings) {
    String text = new RulesWriter().write(new RedirectRules().rules(settings, IpFamily.V4));
    return text.lines()
        .filter(line -> line.startsWith("-A " + chain + " "))
        .map(line -> line.substring(("-A " + chain + " ").length()))
        .map(line -> line.replaceAll("-m comment --comment \"[^\"]*\" ", ""));
  }
}
