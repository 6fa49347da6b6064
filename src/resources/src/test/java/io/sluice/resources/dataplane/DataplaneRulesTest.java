package io.sluice.resources.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that Kuma has too, with the words that its users know. */
class DataplaneRulesTest {

  private static final String INBOUND =
      """
      inbound:
      - port: 15000
        servicePort: 5000
        serviceAddress: 127.0.0.1
        tags: {kuma.io/service: app}
      """;

  @Test
  void networkingMustBeDefined() {
    assertThat(Judged.yaml("type: Dataplane\nmesh: default\nname: web\n").violations())
        .containsExactly("networking: must be defined");
  }

  @Test
  void anAddressIsNeeded() {
    assertThat(dataplane("", INBOUND).violations())
        .containsExactly("networking.address: address can't be empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "'::'", "'0:0:0:0:0:0:0:0'", "'::ffff:0.0.0.0'"})
  void theAddressIsNoWildcard(String address) {
    assertThat(dataplane("address: " + address, INBOUND).violations())
        .singleElement()
        .asString()
        .startsWith("networking.address: must not be 0.0.0.0 or ::");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.256",
        "010.0.0.1",
        "1.2.3",
        "'fe80::1%eth0'",
        "'[::1]'",
        "'a b'",
        "'-a'",
        "'::1::'"
      })
  void theAddressIsAnIpAddressOrAName(String address) {
    assertThat(dataplane("address: " + address, INBOUND).violations())
        .singleElement()
        .asString()
        .startsWith("networking.address: address has to be valid IP address or domain name, not ");
  }

  @Test
  void anInboundThatOthersCannotDialIsTakenWithAWarning() {
    String onLoopback = INBOUND.replace("- port", "- address: 127.0.0.1\n  port");

    assertThat(dataplane("address: 10.0.0.1", onLoopback).warnings())
        .singleElement()
        .asString()
        .startsWith("networking.inbound[0].address: is a loopback address");
    assertThat(
            dataplane("address: 10.0.0.1", onLoopback.replaceFirst("127.0.0.1", "'::'")).warnings())
        .singleElement()
        .asString()
        .contains("the family that networking.address is not of: others can't dial it");
    assertThat(dataplane("address: 127.0.0.1", onLoopback).warnings()).isEmpty();
    assertThat(dataplane("address: 10.0.0.1\nadvertisedAddress: 192.0.2.1", onLoopback).warnings())
        .isEmpty();
  }

  @Test
  void aNameIsAnAddressAsGoodAsAnother() {
    Judged judged = dataplane("address: Web_1.example.com", INBOUND);

    assertThat(judged.violations()).isEmpty();
    assertThat(judged.warnings()).isEmpty();
  }

  @Test
  void aStarAmongReachableServicesIsTakenWithAWarningAsItMeansNotAll() {
    Judged judged =
        dataplane(
            "address: 10.0.0.1",
            INBOUND
                + """
                transparentProxying:
                  redirectPortInbound: 15006
                  redirectPortOutbound: 15001
                  reachableServices: [backend, "*"]
                """);

    assertThat(judged.violations()).isEmpty();
    assertThat(judged.warnings())
        .containsExactly(
            "networking.transparentProxying.reachableServices[1]: is read as the name of a service:"
                + " leave reachableServices out to reach all");
  }

  @Test
  void portsAreInRange() {
    assertThat(
            Judged.networking(
                    """
                    inbound:
                    - tags: {kuma.io/service: a}
                    - {port: 65536, servicePort: 70000, tags: {kuma.io/service: b}}
                    - {port: -1, tags: {kuma.io/service: c}}
                    outbound:
                    - {port: 0, tags: {kuma.io/service: d}}
                    """)
                .violations())
        .containsExactly(
            "networking.inbound[0].port: port must be in the range [1, 65535]; it is 0 or absent",
            "networking.inbound[1].port: port must be in the range [1, 65535]; it is 65536",
            "networking.inbound[1].servicePort: servicePort must be in the range [1, 65535]; it is 70000",
            "networking.inbound[2].port: port must be in the range [1, 65535]; it is -1",
            "networking.outbound[0].port: port must be in the range [1, 65535]; it is 0 or absent");
  }

  @Test
  void addressesOfInboundsAndOutboundsAreIpAddresses() {
    assertThat(
            Judged.networking(
                    """
                    inbound:
                    - {port: 80, address: here, serviceAddress: localhost, tags: {kuma.io/service: a}}
                    outbound:
                    - {port: 81, address: there, tags: {kuma.io/service: b}}
                    """)
                .violations())
        .containsExactly(
            "networking.inbound[0].address: address has to be valid IP address, not \"here\"",
            "networking.inbound[0].serviceAddress: serviceAddress has to be valid IP address, not \"localhost\"",
            "networking.outbound[0].address: address has to be valid IP address, not \"there\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.1", "255.255.255.255", "'ff02::1'"})
  void anAddressOfAGroupIsRefused(String address) {
    assertThat(
            Judged.networking(
                    "inbound:\n- {port: 80, serviceAddress: "
                        + address
                        + ", tags: {kuma.io/service: a}}")
                .violations())
        .singleElement()
        .asString()
        .contains("serviceAddress has to be the address of one host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.0.1", "'::ffff:192.168.0.1'", "'::ffff:c0a8:1'"})
  void theWorkloadDiffersFromTheListener(String serviceAddress) {
    assertThat(
            transparent(
                    "{port: 80, serviceAddress: "
                        + serviceAddress
                        + ", tags: {kuma.io/service: a}}")
                .violations())
        .containsExactly(
            "networking.inbound[0].serviceAddress: serviceAddress and servicePort has to differ from address and port; both are "
                + (serviceAddress.startsWith("'")
                    ? "[" + serviceAddress.replace("'", "") + "]"
                    : serviceAddress)
                + ":80");
  }

  @Test
  void theServiceTagHasToExist() {
    assertThat(transparent("{port: 80, tags: {version: v1}}").violations())
        .containsExactly("networking.inbound[0].tags[\"kuma.io/service\"]: tag has to exist");
  }

  @Test
  void tagsHaveNamesAndValuesOfKnownCharacters() {
    assertThat(
            transparent(
                    "{port: 80, tags: {kuma.io/service: a, version: , 'inv@lid': x, y: 'a b', '': z}}")
                .violations())
        .containsExactly(
            "networking.inbound[0].tags: tag name must be non-empty",
            "networking.inbound[0].tags[\"inv@lid\"]: tag name must consist of alphanumeric characters, dots, dashes, slashes and underscores (colons are allowed too)",
            "networking.inbound[0].tags[\"version\"]: tag value must be non-empty",
            "networking.inbound[0].tags[\"y\"]: tag value must consist of alphanumeric characters, dots, dashes and underscores, not \"a b\" (colons are allowed too)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "HTTP2", "gRPC", "kafka", "tcp", "tls"})
  void aProtocolIsKnownInAnyCase(String protocol) {
    assertThat(
            transparent(
                    "{port: 80, tags: {kuma.io/service: a, kuma.io/protocol: " + protocol + "}}")
                .violations())
        .isEmpty();
  }

  @Test
  void anUnknownProtocolIsRefused() {
    assertThat(
            transparent("{port: 80, tags: {kuma.io/service: a, kuma.io/protocol: https}}")
                .violations())
        .containsExactly(
            "networking.inbound[0].tags[\"kuma.io/protocol\"]: tag \"kuma.io/protocol\" has an invalid value \"https\". Allowed values: grpc, http, http2, kafka, tcp");
  }

  @Test
  void aProbeHasPositiveNumbers() {
    assertThat(
            transparent(
                    "{port: 80, tags: {kuma.io/service: a}, serviceProbe: {interval: 0s, timeout: -1s, unhealthyThreshold: 0, healthyThreshold: 2}}")
                .violations())
        .containsExactly(
            "networking.inbound[0].serviceProbe.interval: must have a positive value; it is 0s",
            "networking.inbound[0].serviceProbe.timeout: must have a positive value; it is -1s",
            "networking.inbound[0].serviceProbe.unhealthyThreshold: must have a positive value; it is 0");
  }

  @Test
  void anOutboundNamesAServiceByTagsOrByReferenceNotByBoth() {
    assertThat(
            Judged.networking(
                    INBOUND
                        + """
                        outbound:
                        - {port: 1}
                        - {port: 2, tags: {version: v1}}
                        - {port: 3, tags: {kuma.io/service: a}, backendRef: {kind: MeshService, name: b, port: 80}}
                        - {port: 4, backendRef: {kind: Service}}
                        - {port: 5, backendRef: {kind: MeshExternalService, name: c}}
                        """)
                .violations())
        .containsExactly(
            "networking.outbound[0].tags: mandatory tag \"kuma.io/service\" is missing",
            "networking.outbound[1].tags: mandatory tag \"kuma.io/service\" is missing",
            "networking.outbound[2].backendRef: both backendRef and tags/service cannot be defined",
            "networking.outbound[3].backendRef.kind: invalid value. Available values are: MeshExternalService,MeshMultiZoneService,MeshService; it is \"Service\"",
            "networking.outbound[3].backendRef: either 'name' or 'labels' should be specified",
            "networking.outbound[3].backendRef.port: port must be in the range [1, 65535]; it is 0 or absent");
  }

  @Test
  void theAdminPortDiffersFromInboundsAndOutbounds() {
    assertThat(
            Judged.networking(
                    INBOUND
                        + "admin: {port: 5000}\noutbound:\n- {port: 5000, address: 127.0.0.2, tags: {kuma.io/service: x}}\n")
                .violations())
        .containsExactly(
            "networking.admin.port: must differ from inbound; 5000 is used by networking.inbound[0]");
    assertThat(
            Judged.networking(
                    INBOUND
                        + "admin: {port: 33}\noutbound:\n- {port: 33, tags: {kuma.io/service: x}}\n")
                .violations())
        .containsExactly(
            "networking.admin.port: must differ from outbound; 33 is used by networking.outbound[0]");
  }

  @Test
  void theAdminPortDiffersFromInboundsOnTheHostsAddress() {
    assertThat(Judged.networking(INBOUND + "admin: {port: 15000}").violations())
        .containsExactly(
            "networking.admin.port: must differ from inbound; 15000 is used by networking.inbound[0]");
  }

  @Test
  void aDataplaneHasAnInboundOrIsAGateway() {
    assertThat(Judged.networking("").violations())
        .containsExactly("networking: has to contain at least one inbound interface or gateway");
    assertThat(Judged.networking("gateway: {tags: {kuma.io/service: edge}}").violations())
        .isEmpty();
  }

  @Test
  void aDelegatedGatewayHasNoInboundAndSpeaksTcp() {
    assertThat(
            Judged.networking(
                    INBOUND + "gateway: {tags: {kuma.io/service: edge, kuma.io/protocol: http}}")
                .violations())
        .containsExactly(
            "networking.gateway.tags[\"kuma.io/protocol\"]: other values than tcp are not allowed, provided value \"http\"",
            "networking.inbound: inbound cannot be defined for delegated gateways");
  }

  @Test
  void aGatewayNamesItsService() {
    assertThat(Judged.networking("gateway: {tags: {version: v1}}").violations())
        .containsExactly("networking.gateway.tags: mandatory tag \"kuma.io/service\" is missing");
  }

  @Test
  void aBuiltinGatewayHasNeitherInboundNorOutbound() {
    assertThat(
            Judged.networking(
                    INBOUND
                        + "gateway: {type: BUILTIN, tags: {kuma.io/service: edge}}\noutbound:\n- {port: 1, tags: {kuma.io/service: x}}\n")
                .violations())
        .containsExactly(
            "networking.inbound: inbound cannot be defined for builtin gateways",
            "networking.outbound: outbound cannot be defined for builtin gateways");
  }

  @Test
  void referencesOfReachableBackendsAreComplete() {
    assertThat(
            Judged.networking(
                    INBOUND
                        + """
                        transparentProxying:
                          redirectPortInbound: 15006
                          redirectPortOutbound: 15001
                          reachableBackends:
                            refs:
                            - {kind: Service, name: a}
                            - {kind: MeshService}
                            - {kind: MeshService, namespace: b}
                            - {kind: MeshService, name: c, labels: {d: e}}
                            - {kind: MeshService, name: c, port: 0}
                        """)
                .violations())
        .containsExactly(
            "networking.transparentProxying.reachableBackends.refs[0].kind: invalid value. Available values are: MeshExternalService,MeshMultiZoneService,MeshService; it is \"Service\"",
            "networking.transparentProxying.reachableBackends.refs[1].name: name or labels are required",
            "networking.transparentProxying.reachableBackends.refs[2].name: name is required, when namespace is defined",
            "networking.transparentProxying.reachableBackends.refs[3].labels: labels cannot be defined when name is specified; name is \"c\"",
            "networking.transparentProxying.reachableBackends.refs[4].port: port must be in the range [1, 65535]; it is 0 or absent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Web", "web_1", "-web", "web-", "web..x", "wéb"})
  void namesAreLowercaseSubdomains(String name) {
    assertThat(
            Judged.yaml(
                    "type: Dataplane\nmesh: default\nname: "
                        + name
                        + "\nnetworking:\n  address: 192.168.0.1\n"
                        + INBOUND.indent(2))
                .violations())
        .singleElement()
        .asString()
        .startsWith("name: invalid characters. A lowercase RFC 1123 subdomain");
  }

  @Test
  void metricsAndProbesAreCheckedThoughNothingIsDoneWithThem() {
    assertThat(
            Judged.yaml(
                    "type: Dataplane\nmesh: default\nname: web\nmetrics: {type: statsd}\nprobes: {port: 0, endpoints: [{inboundPort: 1, path: x}]}\nnetworking:\n  address: 192.168.0.1\n"
                        + INBOUND.indent(2))
                .violations())
        .containsExactly(
            "metrics.type: unknown backend type. Available backends: \"prometheus\"; it is \"statsd\"",
            "probes.port: port must be in the range [1, 65535]; it is 0 or absent",
            "probes.endpoints[0].inboundPath: should be a valid URL Path, beginning with /; it is \"\"",
            "probes.endpoints[0].path: should be a valid URL Path, beginning with /; it is \"x\"");
  }

  private static Judged dataplane(String address, String networking) {
    return Judged.yaml(
        "type: Dataplane\nmesh: default\nname: web\nnetworking:\n"
            + (address + "\n" + networking).indent(2));
  }

  private static Judged transparent(String inbound) {
    return Judged.networking(
        "transparentProxying: {redirectPortInbound: 15006, redirectPortOutbound: 15001}\ninbound:\n- "
            + inbound);
  }
}
