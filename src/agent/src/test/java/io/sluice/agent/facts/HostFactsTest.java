package io.sluice.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostFactsTest {

  @Test
  void namesThatTheControlPlaneRefusesAreToldWithoutTheCharactersThatItRefuses() {
    assertThat(HostFacts.list(List.of("br#1", "wg~0", "é=\\,", "eth0.7@x:1+", "10.0.0.5/24")))
        .isEqualTo("br_1,wg_0,____,eth0.7@x:1+,10.0.0.5/24");
  }

  @Test
  void aListIsNoLongerThanTheControlPlaneTakes() {
    assertThat(HostFacts.list(Collections.nCopies(1001, "lo")).split(",")).hasSize(1000);
  }
}
