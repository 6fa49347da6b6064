package io.sluice.resources.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.resources.Resource;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.DataplanePresence.State;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.validation.InvalidResource;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FoundResourcesTest {

  @Test
  void healthIsReadAsItWasWritten() {
    Resource health =
        new DataplaneHealth(
            "default",
            "web-1",
            new TreeMap<>(Map.of("10.0.0.1:80", true, "[2001:db8::1]:81", false)));

    assertThat(readAgain(health)).isEqualTo(health);
  }

  @ParameterizedTest
  @EnumSource
  void presenceIsWrittenInAWordAndReadAgain(State state) {
    Resource presence = new DataplanePresence("default", "web-1", state);

    assertThat(ResourceWriter.tree(presence).path("state").isString()).isTrue();
    assertThat(readAgain(presence)).isEqualTo(presence);
  }

  @Test
  void aResolvedAddressIsReadAsItWasWritten() {
    Resource resolved = new ResolvedAddress("default", "vm-1.example", address("192.0.2.1"));

    assertThat(readAgain(resolved)).isEqualTo(resolved);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "2026-11-23T04:05:06.789Z")
  void aVirtualAddressIsReadAsItWasWritten(@Nullable String released) {
    Resource address =
        new VirtualAddress(
            "default",
            "backend.mesh",
            address("240.0.0.1"),
            address("fd00::1"),
            released == null ? null : Instant.parse(released));

    assertThat(readAgain(address)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DataplaneHealth", "DataplanePresence", "ResolvedAddress", "VirtualAddress"})
  void noOperatorWritesWhatIsFoundOut(String type) {
    ObjectNode document = JsonMapper.shared().createObjectNode().put("type", type);

    assertThatThrownBy(() -> ResourceReader.read(document)).isInstanceOf(InvalidResource.class);
  }

  private static Resource readAgain(Resource resource) {
    String written = JsonMapper.shared().writeValueAsString(ResourceWriter.tree(resource));
    return ResourceReader.stored((ObjectNode) JsonMapper.shared().readTree(written));
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
