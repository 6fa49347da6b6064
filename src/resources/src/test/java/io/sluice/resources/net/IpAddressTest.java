package io.sluice.resources.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "2001:DB8::0:1, 2001:db8::1",
    "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::FFFF:a00:1, 10.0.0.1",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201"
  })
  void anAddressHasOneCanonicalSpelling(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString("Optional[" + canonical + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "01.2.3.4",
        "1.2.3.+4",
        "1.2.3.4 ",
        "::1%eth0",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "g::",
        "[::1]",
        "localhost",
        "٣.1.1.1"
      })
  void whatSpellsNoAddressIsNone(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, false",
    "::, false",
    "127.0.1.1, false",
    "::1, false",
    "224.0.0.1, false",
    "255.255.255.255, false",
    "ff02::1, false",
    "10.0.0.1, true",
    "2001:db8::1, true"
  })
  void anotherHostHasNeitherLoopbackNorAWildcardNorAGroup(String text, boolean another) {
    assertThat(IpAddress.parse(text).orElseThrow().isOfAnotherHost()).isEqualTo(another);
  }

  @ParameterizedTest
  @CsvSource({
    "Web.Example.com., web.example.com",
    "LOCALHOST, 127.0.0.1",
    "::ffff:127.0.0.1, 127.0.0.1"
  })
  void namesAreComparedWithoutCaseAndFinalDot(String text, String canonical) {
    assertThat(HostName.canonical(text)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.2.3", "1.2.3.4", "10.0.0.256", "web.0x1f", "", ".", "a..b", "-a", "a b", "é"})
  void aNameIsNoMistypedAddress(String text) {
    assertThat(HostName.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "web_1.Example.com", "example.com.", "3com.com", "1a"})
  void kumasNamesAreNames(String text) {
    assertThat(HostName.isValid(text)).isTrue();
  }
}
