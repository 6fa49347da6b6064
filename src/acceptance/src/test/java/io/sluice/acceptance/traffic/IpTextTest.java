package io.sluice.acceptance.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:6, ::6",
    "fd00:119:249:0:0:0:0:10, fd00:119:249::10",
    "2001:db8:1:0:1:1:1:1, 2001:db8:1:0:1:1:1:1",
    "0:0:0:0:0:0:0:0, ::",
    "fe80:0:0:0:0:0:0:0, fe80::",
    "10.0.0.10, 10.0.0.10",
  })
  void theFirstRunOfZerosIsShortened(String address, String text) {
    assertThat(IpText.of(InetAddress.ofLiteral(address))).isEqualTo(text);
  }
}
