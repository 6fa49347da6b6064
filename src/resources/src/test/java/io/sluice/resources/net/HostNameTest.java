package io.sluice.resources.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "web.localhost"})
  void noMeshCanTakeTheHostsOwnName(String name) {
    assertThat(HostName.isAnswerable(name)).isFalse();
  }

  @Test
  void aServiceCalledLocalhostHasItsNameBelowMesh() {
    assertThat(HostName.isAnswerable("localhost.mesh")).isTrue();
    assertThat(HostName.isAnswerable("notlocalhost")).isTrue();
  }
}
