package io.sluice.resources.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy is never its own application, and nobody listens where another does. */
class LoopRulesTest {

  private static final String TAGS = ", tags: {kuma.io/service: app}}\n";
  private static final String TRANSPARENT =
      "transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}\n";

  @Test
  void anExplicitInboundThatNamesOnlyAPortDialsItself() {
    assertThat(inbounds("port: 5000").violations())
        .singleElement()
        .asString()
        .startsWith(
            "networking.inbound[0].servicePort: must not lead to the proxy itself; the workload is"
                + " 192.168.0.1:5000, where this inbound listens");
  }

  @Test
  void theSameInboundIsTheNormalCaseWhenTransparent() {
    assertThat(Judged.networking(TRANSPARENT + "inbound:\n- {port: 5000" + TAGS).violations())
        .isEmpty();
  }

  @Test
  void anApplicationOnLoopbackBesideAListenerOnTheHostsAddressIsNoLoop() {
    assertThat(inbounds("port: 5000, serviceAddress: 127.0.0.1").violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'::1'              | '0:0:0:0:0:0:0:1'",
        "'0:0:0:0:0:0:0:1'  | '::1'",
        "'FE80::00ab'       | 'fe80::ab'",
        "127.0.0.1          | '::ffff:127.0.0.1'",
        "'::ffff:7f00:1'    | 127.0.0.1",
        "0.0.0.0            | 127.0.0.5",
        "0.0.0.0            | 192.168.0.1",
        "'::'               | '::1'",
        "'::'               | 127.0.0.1",
        "127.0.0.1          | 0.0.0.0",
        "10.0.0.9           | '::'",
        "'::ffff:0.0.0.0'   | 127.0.0.1"
      })
  void aLoopIsALoopUnderEveryNameOfAnAddress(String listener, String workload) {
    Judged judged =
        Judged.networking(
            "inbound:\n- {port: 5000, servicePort: 6000, address: %s, serviceAddress: 127.0.0.9%s- {port: 7000, servicePort: 5000, serviceAddress: %s%s"
                .formatted(quoted(listener), TAGS, quoted(workload), TAGS));

    assertThat(judged.violations())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[1].servicePort: must not lead to the proxy itself")
        .contains("where networking.inbound[0] listens");
  }

  @Test
  void aLoopThroughAChainOfInboundsNamesTheChain() {
    assertThat(
            inbounds(
                    "port: 15000, servicePort: 5000, serviceAddress: 192.168.0.1",
                    "port: 5000, servicePort: 15000")
                .violations())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("networking.inbound[0].servicePort")
                    .contains("(15000 → 5000 → 15000)"),
            second ->
                assertThat(second)
                    .startsWith("networking.inbound[1].servicePort")
                    .contains("(5000 → 15000 → 5000)"));
  }

  @Test
  void aWorkloadThatIsAnotherInboundsListenerIsRefusedThoughTheChainEnds() {
    assertThat(
            inbounds("port: 15000, servicePort: 5000", "port: 5000, serviceAddress: 127.0.0.1")
                .violations())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[0].servicePort")
        .contains("where networking.inbound[1] listens. Give");
  }

  @Test
  void aListenerOnAllAddressesIsNoLoopForAnotherHostsAddress() {
    assertThat(inbounds("port: 5000, address: 0.0.0.0, serviceAddress: 10.9.9.9").violations())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkloadBehindTheAdvertisedAddressLeadsBackInBothModes(boolean transparent) {
    assertThat(
            Judged.networking(
                    (transparent ? TRANSPARENT : "")
                        + "advertisedAddress: 203.0.113.7\ninbound:\n- {port: 5000, serviceAddress: 203.0.113.7"
                        + TAGS)
                .violations())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[0].serviceAddress: must not lead to the proxy itself");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkloadThatIsAnOutboundsListenerIsRefusedInBothModes(boolean transparent) {
    assertThat(
            Judged.networking(
                    (transparent ? TRANSPARENT : "")
                        + "outbound:\n- {port: 3333, tags: {kuma.io/service: x}}\ninbound:\n- {port: 5000, servicePort: 3333, serviceAddress: 127.0.0.1"
                        + TAGS)
                .violations())
        .singleElement()
        .asString()
        .contains("where networking.outbound[0] listens");
  }

  @ParameterizedTest
  @ValueSource(ints = {15001, 15006, 15053})
  void thePortsOfTheProxyAreTakenForListenersAndWorkloads(int port) {
    assertThat(
            Judged.networking(
                    """
                    admin: {port: %1$d}
                    inbound:
                    - {port: %1$d, servicePort: 80, serviceAddress: 127.0.0.1, tags: {kuma.io/service: a}}
                    - {port: 81, servicePort: %1$d, serviceAddress: 127.0.0.1, tags: {kuma.io/service: b}}
                    outbound:
                    - {port: %1$d, address: 127.0.0.3, tags: {kuma.io/service: c}}
                    """
                        .formatted(port))
                .violations())
        .extracting(violation -> violation.substring(0, violation.indexOf(':')))
        .contains(
            "networking.inbound[0].port",
            "networking.outbound[0].port",
            "networking.admin.port",
            "networking.inbound[1].servicePort");
  }

  @Test
  void configuredRedirectPortsTakeThePlaceOfTheDefaults() {
    String configured =
        "transparentProxying: {redirectPortInbound: 16006, redirectPortOutbound: 16001}\ninbound:\n";

    assertThat(Judged.networking(configured + "- {port: 15006" + TAGS).violations()).isEmpty();
    assertThat(Judged.networking(configured + "- {port: 16006" + TAGS).violations())
        .anySatisfy(
            violation ->
                assertThat(violation)
                    .isEqualTo(
                        "networking.inbound[0].port: must not be a port of the proxy; 16006 is the"
                            + " port where the proxy takes redirected inbound connections"));
  }

  @Test
  void aPortOfTheProxyOnAnotherHostIsAWorkloadLikeAnyOther() {
    assertThat(inbounds("port: 80, servicePort: 15006, serviceAddress: 10.9.9.9").violations())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"65536, 15001", "15006, 70000", "15006, 15006", "15053, 15001"})
  void redirectPortsAreInRangeAndDiffer(int inbound, int outbound) {
    assertThat(
            Judged.networking(
                    "transparentProxying: {redirectPortInbound: %d, redirectPortOutbound: %d}\ninbound:\n- {port: 80%s"
                        .formatted(inbound, outbound, TAGS))
                .violations())
        .singleElement()
        .asString()
        .startsWith("networking.transparentProxying.redirectPort");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{redirectPortInbound: 15006}",
        "{redirectPortInbound: 15006, redirectPortOutbound: 0}"
      })
  void withoutBothRedirectPortsADataplaneIsExplicitWithAWarning(String transparent) {
    assertThat(
            Judged.networking(
                    "transparentProxying: "
                        + transparent
                        + "\ninbound:\n- {port: 80, serviceAddress: 127.0.0.1"
                        + TAGS)
                .warnings())
        .singleElement()
        .asString()
        .startsWith("networking.transparentProxying: nothing is captured");
  }

  @Test
  void twoInboundsDoNotListenOnOneAddressAndPort() {
    assertThat(
            inbounds(
                    "port: 80, servicePort: 1, serviceAddress: 127.0.0.1",
                    "port: 80, address: '::ffff:192.168.0.1', servicePort: 2, serviceAddress: 127.0.0.1")
                .violations())
        .containsExactly(
            "networking.inbound[1].port: must listen on an address and port of its own;"
                + " [::ffff:192.168.0.1]:80 is taken by networking.inbound[0]");
  }

  @Test
  void onePortOnTwoAddressesIsTwoListeners() {
    assertThat(
            inbounds(
                    "port: 80, servicePort: 1, serviceAddress: 127.0.0.1",
                    "port: 80, address: 192.168.0.2, servicePort: 2, serviceAddress: 127.0.0.1")
                .violations())
        .isEmpty();
  }

  @Test
  void anOutboundDoesNotListenWhereAnInboundDoes() {
    assertThat(
            Judged.networking(
                    "inbound:\n- {port: 80, address: 127.0.0.1, servicePort: 81"
                        + TAGS
                        + "outbound:\n- {port: 80, tags: {kuma.io/service: x}}\n- {port: 82, tags: {kuma.io/service: x}}\n- {port: 82, tags: {kuma.io/service: y}}\n")
                .violations())
        .containsExactly(
            "networking.outbound[0].port: must listen on an address and port of its own;"
                + " 127.0.0.1:80 is taken by networking.inbound[0]",
            "networking.outbound[2].port: must listen on an address and port of its own;"
                + " 127.0.0.1:82 is taken by networking.outbound[1]");
  }

  @Test
  void twoInboundsWithOneWorkloadAreTakenWithAWarning() {
    Judged judged =
        inbounds(
            "port: 80, servicePort: 5000, serviceAddress: 127.0.0.1",
            "port: 81, servicePort: 5000, serviceAddress: '::ffff:127.0.0.1'");

    assertThat(judged.violations()).isEmpty();
    assertThat(judged.warnings())
        .containsExactly(
            "networking.inbound[1].servicePort: leads to [::ffff:127.0.0.1]:5000, where"
                + " networking.inbound[0] leads too");
  }

  @Test
  void anInboundWithoutServiceNeitherListensNorLoops() {
    assertThat(inbounds("port: 49151", "port: 49151").violations()).isEmpty();
  }

  @Test
  void anIpv6ListenerIsNotCapturedInIpv4Mode() {
    assertThat(
            Judged.networking(
                    "transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001, ipFamilyMode: IPv4}\ninbound:\n- {port: 80, address: '2001:db8::1'"
                        + TAGS)
                .warnings())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[0]: takes no connections");
  }

  private static Judged inbounds(String... inbounds) {
    StringBuilder lines = new StringBuilder("inbound:\n");
    for (String inbound : inbounds) {
      lines.append("- {").append(inbound).append(TAGS);
    }
    return Judged.networking(lines.toString());
  }

  private static String quoted(String address) {
    return "'" + address + "'";
  }
}
