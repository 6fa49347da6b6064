package io.sluice.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.rendering.settings.SettingsOnHost;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentPropertiesTest {

  private static final String DATAPLANE =
      """
      type: Dataplane
      mesh: default
      name: app
      networking:
        address: FD00::1
        inbound:
        - port: 5000
          servicePort: 6000
          serviceAddress: 127.0.0.1
          tags:
            kuma.io/service: app
          serviceProbe:
      """;

  @Test
  void anApplicationIsProbedWithTheDefaultsOfKuma() {
    assertThat(text("tcp: {}")).contains("\nprobe.[fd00::1]:5000=127.0.0.1:6000 1000 2000 1 1\n");
  }

  @Test
  void aTimeoutAloneLeavesTheIntervalAsItIs() {
    assertThat(text("timeout: 3s")).contains("=127.0.0.1:6000 1000 3000 1 1\n");
  }

  @Test
  void whatTheAgentDoesNotDoIsRenderedAsNearlyAsItDoes() {
    assertThat(text("{interval: 0.001s, timeout: 7200s, healthyThreshold: 5000}"))
        .contains("=127.0.0.1:6000 100 3600000 1000 1\n");
  }

  @Test
  void anInboundWithoutProbeIsNotProbed() {
    String without = DATAPLANE.replace("    serviceProbe:\n", "");

    assertThat(rendered(without)).doesNotContain("probe.");
  }

  private static String text(String probe) {
    return rendered(DATAPLANE + "      " + probe + "\n");
  }

  private static String rendered(String yaml) {
    Dataplane dataplane =
        (Dataplane)
            ResourceReader.read(
                    DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
                .resource();
    RedirectSettings settings =
        SettingsOnHost.of(EffectiveTransparentProxy.of(List.of(), dataplane), Optional.empty())
            .settings();
    return AgentProperties.text(dataplane.networking(), settings);
  }
}
