package io.sluice.resources.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Resource;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResourceReaderTest {

  private static final String DEMO_APP =
      """
      type: Dataplane
      mesh: default
      name: demo-app
      networking:
        address: 10.119.249.39
        inbound:
        - port: 15000
          servicePort: 5000
          serviceAddress: 127.0.0.1
          tags:
            kuma.io/protocol: http
            kuma.io/service: app
      """;

  @Test
  void whatWasReadIsWrittenTheSame() {
    ReadResult result =
        ResourceReader.read(
            DocumentReader.read(DEMO_APP.getBytes(StandardCharsets.UTF_8), Format.YAML));

    assertThat(result.warnings()).isEmpty();
    Resource resource = result.resource();
    assertThat(DocumentWriter.write(ResourceWriter.tree(resource), Format.YAML))
        .isEqualTo(DEMO_APP);
  }
}
