package io.sluice.rendering.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.net.HostPort;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {

  @Test
  void anInboundIsNamedByItsListener() {
    ResourceName name = ResourceName.inbound(new HostPort("10.0.0.1", 5000));

    assertThat(name.name()).isEqualTo("inbound:10.0.0.1:5000");
    assertThat(name.id()).isEqualTo("inbound-10.0.0.1-5000");
    assertThat(name.stat()).isEqualTo("inbound_10_0_0_1_5000");
  }

  @Test
  void anIpv6InboundHasBracketsInItsNameAndNoColonInItsFile() {
    ResourceName name = ResourceName.inbound(new HostPort("fd00::1", 5000));

    assertThat(name.name()).isEqualTo("inbound:[fd00::1]:5000");
    assertThat(name.id()).isEqualTo("inbound-fd00--1-5000");
  }

  @Test
  void aServiceWithoutOtherTagsIsTheNameOfItsCluster() {
    assertThat(service("backend").name()).isEqualTo("backend");
  }

  @Test
  void aServiceWithOtherTagsGetsADigestOfThem() {
    var blue = ResourceName.service(tags("backend", "version", "blue"));
    var green = ResourceName.service(tags("backend", "version", "green"));

    assertThat(blue.name()).matches("backend-[0-9a-f]{16}").isNotEqualTo(green.name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inbound:10.0.0.1:5000",
        "inbound:passthrough:ipv4",
        "outbound:passthrough:ipv6",
        "sluice:blackhole",
        "backend-0123456789abcdef"
      })
  void aServiceNamedLikeOurOwnClustersGetsADigestToo(String taken) {
    assertThat(service(taken).name()).matches(".*-[0-9a-f]{16}").isNotEqualTo(taken);
  }

  @Test
  void servicesThatDifferOnlyInCaseOrPunctuationHaveDifferentFiles() {
    assertThat(
            Stream.of("app", "App", "APP", "a:p", "a_p", "a.p", "a-p", "a/p")
                .map(service -> service(service).id()))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z0-9][a-z0-9._-]{0,126}"));
  }

  @Test
  void theLongestServiceHasAFileNameThatABundleTakes() {
    assertThat(service("a".repeat(4096)).id()).hasSizeLessThan(127);
  }

  private static ResourceName service(String name) {
    return ResourceName.service(new TreeMap<>(Map.of("kuma.io/service", name)));
  }

  private static SortedMap<String, String> tags(String service, String key, String value) {
    return new TreeMap<>(Map.of("kuma.io/service", service, key, value));
  }
}
