package io.sluice.resources.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a document's fields are read: every mistake at once, each with its place. */
class ResourceReaderTest {

  private static final String INBOUND =
      "inbound:\n- {port: 80, serviceAddress: 127.0.0.1, tags: {kuma.io/service: a}";

  @Test
  void anUnknownFieldIsNamedWithTheNearestKnownOne() {
    assertThat(
            Judged.yaml(
                    """
                    type: Dataplane
                    mesh: default
                    name: web
                    lables: {}
                    networking:
                      adress: 192.168.0.1
                      inbound:
                      - prot: 80
                        servicePrt: 81
                        tags: {kuma.io/service: a}
                        wholly: different
                    """)
                .violations())
        .satisfiesExactlyInAnyOrder(
            each -> assertThat(each).startsWith("lables: unknown field; did you mean \"labels\"?"),
            each ->
                assertThat(each)
                    .startsWith("networking.adress: unknown field; did you mean \"address\"?"),
            each ->
                assertThat(each)
                    .startsWith(
                        "networking.inbound[0].prot: unknown field; did you mean \"port\"?"),
            each ->
                assertThat(each)
                    .startsWith(
                        "networking.inbound[0].servicePrt: unknown field; did you mean \"servicePort\"?"),
            each ->
                assertThat(each)
                    .isEqualTo(
                        "networking.inbound[0].wholly: unknown field; allowed here: port, servicePort,"
                            + " serviceAddress, address, tags, health, serviceProbe, state, name"),
            each -> assertThat(each).startsWith("networking.address: address can't be empty"),
            each ->
                assertThat(each)
                    .startsWith("networking.inbound[0].port: port must be in the range"));
  }

  @Test
  void mistakesOfFormAndOfRulesAreReportedTogetherAndOnce() {
    assertThat(
            Judged.networking(
                    """
                    inbound:
                    - {port: many, servicePort: 70000, tags: [a]}
                    - {port: 80, tags: {version: 1}}
                    """)
                .violations())
        .containsExactly(
            "networking.inbound[0].port: must be a whole number, not \"many\"",
            "networking.inbound[0].tags: must be a mapping of names to texts, not a list",
            "networking.inbound[1].tags[\"version\"]: must be a text, not 1; write it in quotes: \"1\"",
            "networking.inbound[0].servicePort: servicePort must be in the range [1, 65535]; it is 70000",
            "networking.inbound[1].tags[\"kuma.io/service\"]: tag has to exist",
            "networking.inbound[1].servicePort: must not lead to the proxy itself; the workload is"
                + " 192.168.0.1:80, where this inbound listens. Give the application's own address or"
                + " port, such as serviceAddress: 127.0.0.1, or both redirect ports in"
                + " transparentProxying");
  }

  @ParameterizedTest
  @CsvSource({
    "inbound: 5, inbound",
    "inbound: {}, inbound",
    "gateway: [], gateway",
    "admin: x, admin"
  })
  void aValueOfAnotherKindIsNamedOnce(String lines, String field) {
    assertThat(Judged.networking(lines).violations())
        .filteredOn(violation -> !violation.startsWith("networking: has to contain"))
        .singleElement()
        .asString()
        .startsWith("networking." + field + ": must be a ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'80'", "80.0", "8e1", "'8.0e1'"})
  void aNumberMayBeWrittenInEveryWayOfProtobufsJson(String port) {
    assertThat(
            Judged.networking(
                    "inbound:\n- {port: "
                        + port
                        + ", serviceAddress: 127.0.0.1, tags: {kuma.io/service: a}}")
                .violations())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"080", "0x50", "80.5", "' 80'", "true", "[80]", "99999999999", "1e30"})
  void whatIsNoWholeNumberIsRefused(String port) {
    assertThat(
            Judged.networking(
                    "inbound:\n- {port: "
                        + port
                        + ", serviceAddress: 127.0.0.1, tags: {kuma.io/service: a}}")
                .violations())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[0].port: must be a whole number");
  }

  @Test
  void zeroIsAbsenceAsInProtobuf() {
    assertThat(
            Judged.networking(
                    "inbound:\n- {port: 80, servicePort: 0, serviceAddress: 127.0.0.1, tags: {kuma.io/service: a}}\nadvertisedAddress: ''\n")
                .violations())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "state: Ready,",
    "state: NotReady,",
    "state: Ignored,",
    "state: ready, 'must be one of Ready, NotReady, Ignored, not \"ready\"'",
    "state: 1, 'must be one of Ready, NotReady, Ignored, not 1'"
  })
  void aStateIsOneOfThree(String state, String reason) {
    assertThat(Judged.networking(INBOUND + ", " + state + "}").violations())
        .isEqualTo(
            reason == null
                ? java.util.List.of()
                : java.util.List.of("networking.inbound[0].state: " + reason));
  }

  @ParameterizedTest
  @CsvSource({
    "DualStack, true",
    "IPv4, true",
    "UnSpecified, true",
    "IPv6, false",
    "dualstack, false"
  })
  void theIpFamilyModeIsOneOfThree(String mode, boolean allowed) {
    Judged judged =
        Judged.networking(
            INBOUND
                + "}\ntransparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001, ipFamilyMode: "
                + mode
                + "}");

    assertThat(judged.violations().isEmpty()).isEqualTo(allowed);
  }

  @Test
  void fieldsMayBeNamedAsInProtobufsOwnFiles() {
    Judged judged =
        Judged.networking(
            INBOUND
                + "}\ntransparent_proxying: {redirect_port_inbound: 15006, redirect_port_outbound: 15001}");

    assertThat(judged.violations()).isEmpty();
    assertThat(
            Judged.networking(INBOUND + "}\ntransparent_proxying: {}\ntransparentProxying: {}")
                .violations())
        .containsExactly("networking.transparentProxying: stands here twice, in two spellings");
  }

  @Test
  void fieldsThatClientsSendAndThatMeanNothingAreIgnored() {
    Judged judged =
        Judged.yaml(
            "type: Mesh\nname: default\nkri: kri_m_x\ncreationTime: 0001-01-01T00:00:00Z\nmodificationTime: 5\n");

    assertThat(judged.violations()).isEmpty();
    assertThat(judged.warnings()).isEmpty();
  }

  @Test
  void fieldsWithoutEffectAreTakenWithAWarning() {
    assertThat(
            Judged.networking(
                    INBOUND
                        + ", name: main, state: NotReady, health: {ready: true}, serviceProbe: {tcp: {}}}\n")
                .warnings())
        .extracting(warning -> warning.substring(0, warning.indexOf(':')))
        .containsExactly("networking.inbound[0].name");
  }

  @Test
  void theFormerServiceOfAnOutboundIsReadAsItsTag() {
    assertThat(Judged.networking(INBOUND + "}\noutbound:\n- {port: 1, service: redis}").warnings())
        .containsExactly(
            "networking.outbound[0].service: is read as tags: {kuma.io/service: redis}");
  }

  @Test
  void anUnknownTypeIsRefusedWithTheKnownOnes() {
    assertThat(Judged.yaml("type: Dataplan\nname: x\n").violations())
        .containsExactly(
            "type: must be one of Mesh, Dataplane, MeshTransparentProxy, VirtualOutbound, not \"Dataplan\"; did you mean \"Dataplane\"?");
    assertThat(Judged.yaml("name: x\n").violations())
        .containsExactly(
            "type: must be one of Mesh, Dataplane, MeshTransparentProxy, VirtualOutbound; it is absent");
  }

  @Test
  void nullIsAbsenceInAFieldAndAMistakeInAList() {
    assertThat(Judged.networking(INBOUND + "}\ngateway: ~\noutbound: ~").violations()).isEmpty();
    assertThat(Judged.networking(INBOUND + "}\noutbound: [~]").violations())
        .singleElement()
        .asString()
        .startsWith("networking.outbound[0]: must be a mapping with the fields");
  }

  @Test
  void labelsAreThoseOfKubernetes() {
    assertThat(Judged.mesh("labels: {kuma.io/zone: east, '': x, a/b/c: y, d: '-'}").violations())
        .satisfiesExactly(
            each -> assertThat(each).startsWith("labels[\"\"]: label name must be"),
            each -> assertThat(each).startsWith("labels[\"a/b/c\"]: label name must be"),
            each -> assertThat(each).startsWith("labels[\"d\"]: label value must be"));
  }
}
