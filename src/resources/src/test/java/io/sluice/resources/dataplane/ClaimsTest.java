package io.sluice.resources.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  @Test
  void anInboundIsDialledOnItsListener() {
    assertThat(claims("", "{port: 81, address: '::FFFF:10.0.0.2'}", "{port: 80}"))
        .containsExactly("10.0.0.1:80", "10.0.0.2:81");
  }

  @Test
  void theAdvertisedAddressBeatsEveryOther() {
    assertThat(claims("advertisedAddress: Web.Example.com.", "{port: 81, address: 10.0.0.2}"))
        .containsExactly("web.example.com:81");
  }

  @Test
  void anInboundOnAllAddressesIsDialledAtItsHosts() {
    assertThat(claims("", "{port: 80, address: 0.0.0.0}")).containsExactly("10.0.0.1:80");
    assertThat(claims("advertisedAddress: 192.0.2.1", "{port: 80, address: 0.0.0.0}"))
        .containsExactly("192.0.2.1:80");
  }

  @Test
  void anInboundOnAllAddressesOfTheOtherFamilyIsNotDialledAtItsHosts() {
    assertThat(claims("", "{port: 80, address: '::'}")).isEmpty();
  }

  @Test
  void anInboundOnLoopbackIsDialledOnlyAtAnAdvertisedAddress() {
    assertThat(claims("", "{port: 80, address: 127.0.0.1}", "{port: 81, address: '::1'}"))
        .isEmpty();
    assertThat(claims("advertisedAddress: 192.0.2.1", "{port: 80, address: 127.0.0.1}"))
        .containsExactly("192.0.2.1:80");
  }

  @Test
  void inboundsThatNobodyDialsClaimNothing() {
    assertThat(claims("", "{port: 80, state: Ignored}", "{port: 49151}")).isEmpty();
    assertThat(claims("", "{port: 80, state: NotReady}")).containsExactly("10.0.0.1:80");
  }

  private static List<String> claims(String networking, String... inbounds) {
    String yaml =
        "type: Dataplane\nmesh: default\nname: web\nnetworking:\n  address: 10.0.0.1\n  "
            + networking
            + "\n  inbound: ["
            + String.join(", ", inbounds)
            + "]\n";
    Dataplane dataplane =
        (Dataplane) ResourceReader.stored(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML));
    return Claims.of(dataplane).stream().map(Object::toString).toList();
  }
}
