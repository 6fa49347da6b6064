package io.sluice.agent.resolver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.bundle.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "240.0.0.1 backend.mesh\n",
        "240.0.0.1 backend.mesh backend_default_svc_80.mesh\nfd00::1 backend.mesh\n",
        "::ffff:10.0.0.1 a\n"
      })
  void addressesAndTheirNamesAreTaken(String hosts) {
    assertThatCode(() -> HostsCheck.check(hosts.getBytes(UTF_8))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "240.0.0.1 backend.mesh",
        "\n",
        "# a comment\n",
        "240.0.0.1\n",
        "240.0.0.1  two.spaces\n",
        "240.0.0.1\ttab\n",
        " 240.0.0.1 space.first\n",
        "240.0.0.1 Upper.mesh\n",
        "240.0.0.1 -a.mesh\n",
        "240.0.0.1 a..mesh\n",
        "240.0.0.1 a.mesh.\n",
        "240.0.0.1 a/b\n",
        "240.0.0.1 bäckend.mesh\n",
        "240.0.0.1 a.mesh\r\n",
        "240.0.1 a.mesh\n",
        "240.0.0.256 a.mesh\n",
        "fe80::1%eth0 a.mesh\n",
        "backend.mesh 240.0.0.1\n"
      })
  void anythingElseIsRefused(String hosts) {
    assertThatThrownBy(() -> HostsCheck.check(hosts.getBytes(UTF_8)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("dns/hosts");
  }

  @Test
  void theRefusalNamesTheLineAndTheWord() {
    String hosts = "240.0.0.1 a.mesh\n240.0.0.2 b!.mesh\n";

    assertThatThrownBy(() -> HostsCheck.check(hosts.getBytes(UTF_8)))
        .hasMessage("dns/hosts, line 2: \"b!.mesh\" is no name in lower case");
  }

  @Test
  void namesAreBoundedInLengthAndNumber() {
    String label = "a".repeat(63);
    String longest = "1.1.1.1 " + String.join(".", label, label, label, "a".repeat(61)) + "\n";
    String tooLong = "1.1.1.1 " + String.join(".", label, label, label, "a".repeat(62)) + "\n";
    String tooMany = "1.1.1.1" + " a".repeat(65) + "\n";

    assertThatCode(() -> HostsCheck.check(longest.getBytes(UTF_8))).doesNotThrowAnyException();
    assertThatThrownBy(() -> HostsCheck.check(tooLong.getBytes(UTF_8)))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> HostsCheck.check(tooMany.getBytes(UTF_8)))
        .hasMessageContaining("1 to 64 names");
  }
}
