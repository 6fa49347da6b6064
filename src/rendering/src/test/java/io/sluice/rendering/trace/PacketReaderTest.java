package io.sluice.rendering.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.transparentproxy.Transport;
import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketReaderTest {

  @Test
  void aPacketIsTheFirstOfATcpConnectionUnlessItSaysOtherwise() {
    Packet packet = read("{direction: inbound, destination: 10.0.0.5, port: 5000}");

    assertThat(packet.protocol()).isEqualTo(Transport.TCP);
    assertThat(packet.state()).isEqualTo(ConnectionState.NEW);
    assertThat(packet.syn()).isTrue();
    assertThat(packet.owner()).isEqualTo(Owner.UNKNOWN);
  }

  @Test
  void aDatagramAndAnEstablishedPacketAreNoSyn() {
    assertThat(read("{direction: inbound, protocol: udp, destination: fd00::5, port: 53}").syn())
        .isFalse();
    assertThat(
            read("{direction: inbound, state: established, destination: fd00::5, port: 80}").syn())
        .isFalse();
  }

  @Test
  void userZeroIsAUser() {
    Packet packet =
        read("{direction: outbound, destination: 10.0.0.9, port: 80, uid: 0, group: sluice}");

    assertThat(packet.owner()).isEqualTo(new Owner(null, 0L, "sluice", null));
  }

  @Test
  void everythingThatIsMissingIsTold() {
    assertThat(violations("{}"))
        .containsExactly(
            new Violation("direction", "must be given: inbound or outbound"),
            new Violation(
                "destination", "must be given: an IP address such as 10.0.0.5 or fd00::5"),
            new Violation("port", "must be given: 1 to 65535"));
  }

  @Test
  void everythingThatIsWrongIsToldWithItsValueAndWhatIsAllowed() {
    assertThat(
            violations(
                """
                direction: inwards
                protocol: icmp
                source: fd00::9
                sourcePort: 0
                destination: 10.0.0.5
                port: 70000
                user: "1000"
                gid: -1
                interface: a/b
                syn: perhaps
                """))
        .extracting(Violation::toString)
        .containsExactlyInAnyOrder(
            "direction: must be one of inbound, outbound, not \"inwards\"",
            "protocol: must be one of tcp, udp, not \"icmp\"",
            "source: must be of the same family as the destination 10.0.0.5, not fd00::9",
            "sourcePort: must be in the range [1, 65535]; it is 0",
            "port: must be in the range [1, 65535]; it is 70000",
            "user: must be a name, not \"1000\"; write uid: 1000",
            "gid: must be in the range [0, 2147483647]; it is -1",
            "interface: must be the name of a network interface, 1 to 15 characters without spaces"
                + " and '/', not \"a/b\"",
            "syn: must be true or false, not \"perhaps\"");
  }

  @Test
  void aNameIsNoAddressBecauseNothingIsResolved() {
    assertThat(violations("{direction: outbound, destination: backend.mesh, port: 80}"))
        .extracting(Violation::toString)
        .containsExactly(
            "destination: must be an IP address such as 10.0.0.5 or fd00::5, not \"backend.mesh\";"
                + " names are not resolved");
  }

  @Test
  void aPacketThatArrivesHasNoProcessAndNotTheLoopbackInterface() {
    assertThat(
            violations(
                "{direction: inbound, destination: 10.0.0.5, port: 80, uid: 0, interface: lo}"))
        .extracting(Violation::toString)
        .containsExactly(
            "uid: must be absent: only a packet with direction outbound has a process here",
            "interface: can't be lo for direction inbound: what arrives there is sent by this host,"
                + " which is direction outbound");
  }

  @Test
  void anUnknownFieldIsToldWithTheNearestName() {
    assertThat(violations("{direction: inbound, destination: 10.0.0.5, port: 80, souce: 10.0.0.9}"))
        .singleElement()
        .extracting(Violation::toString)
        .asString()
        .startsWith("souce: unknown field; did you mean \"source\"?; allowed here: direction,")
        .contains("interface");
  }

  private static List<Violation> violations(String yaml) {
    InvalidResource refused =
        assertThatExceptionOfType(InvalidResource.class).isThrownBy(() -> read(yaml)).actual();
    return refused.violations();
  }

  private static Packet read(String yaml) {
    return PacketReader.read(
        DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML));
  }
}
