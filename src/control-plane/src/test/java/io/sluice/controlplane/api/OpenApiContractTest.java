package io.sluice.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.ControlPlane;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.dataplane.Outbound;
import io.sluice.resources.dataplane.TransparentProxying;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.policy.TargetRef;
import io.sluice.resources.transparentproxy.TransparentProxyConf;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiContractTest {

  private static final Path PUBLISHED = Path.of("../../openapi/openapi.yaml");
  private final ControlPlane sluice = ControlPlane.shared();

  @Test
  void thePublishedContractIsTheOneThatTheApplicationServes() throws IOException {
    String served = sluice.get("/v3/api-docs.yaml").body();
    if (Boolean.getBoolean("openapi.update")) {
      Files.createDirectories(PUBLISHED.getParent());
      Files.writeString(PUBLISHED, served);
    }

    assertThat(Files.readString(PUBLISHED))
        .as("openapi/openapi.yaml; CONTRIBUTING.md says how to regenerate it")
        .isEqualTo(served);
  }

  @Test
  void everyOperationParameterAndAnswerIsDescribed() {
    Set<String> undescribed = new TreeSet<>();
    JsonNode contract = tree(sluice.get("/v3/api-docs.yaml").body());
    contract
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            lacks(method.getValue())
                                .forEach(
                                    lack ->
                                        undescribed.add(
                                            method.getKey() + " " + path.getKey() + ": " + lack))));

    assertThat(undescribed).isEmpty();
  }

  @Test
  void everySchemaThatIsReferredToIsThere() {
    String served = sluice.get("/v3/api-docs.yaml").body();
    Set<String> there =
        new TreeSet<>(tree(served).path("components").path("schemas").propertyNames());

    Set<String> referredTo =
        Pattern.compile("#/components/schemas/(\\w+)")
            .matcher(served)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(referredTo).contains("Problem", "Dataplane").isSubsetOf(there);
  }

  @Test
  void schemasHaveTheFieldsOfTheRecords() throws IOException {
    JsonNode schemas;
    try (InputStream file = OpenApiContractTest.class.getResourceAsStream("schemas.yaml")) {
      schemas = tree(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }

    assertThat(fields(schemas, "Dataplane")).containsAll(components(Dataplane.class));
    assertThat(fields(schemas, "Mesh")).containsAll(components(Mesh.class));
    assertThat(fields(schemas, "Networking")).isEqualTo(components(Networking.class));
    assertThat(fields(schemas, "Inbound")).isEqualTo(components(Inbound.class));
    assertThat(fields(schemas, "Outbound")).isEqualTo(components(Outbound.class));
    assertThat(fields(schemas, "TransparentProxying"))
        .isEqualTo(components(TransparentProxying.class));
    assertThat(fields(schemas, "TargetRef")).isEqualTo(components(TargetRef.class));
    assertThat(fields(schemas, "TransparentProxyConf"))
        .isEqualTo(components(TransparentProxyConf.class));
    assertThat(fields(schemas, "RedirectInbound"))
        .isEqualTo(components(TransparentProxyConf.Inbound.class));
    assertThat(fields(schemas, "RedirectOutbound"))
        .isEqualTo(components(TransparentProxyConf.Outbound.class));
    assertThat(fields(schemas, "RedirectDns"))
        .isEqualTo(components(TransparentProxyConf.Dns.class));
    assertThat(fields(schemas, "VirtualOutbound")).containsAll(components(VirtualOutbound.class));
    assertThat(fields(schemas, "VirtualOutboundConf"))
        .isEqualTo(components(VirtualOutbound.Conf.class));
    assertThat(fields(schemas, "VirtualOutboundParameter"))
        .isEqualTo(components(VirtualOutbound.Parameter.class));
    assertThat(fields(schemas, "HostFacts")).containsAll(components(HostFacts.class));
  }

  private static List<String> lacks(JsonNode operation) {
    List<String> lacks = new ArrayList<>();
    if (!operation.has("summary")) {
      lacks.add("summary");
    }
    operation
        .path("parameters")
        .forEach(
            parameter -> {
              if (!parameter.has("description")) {
                lacks.add("parameter " + parameter.path("name"));
              }
            });
    operation
        .path("responses")
        .properties()
        .forEach(
            answer -> {
              if (!answer.getValue().has("description")) {
                lacks.add("answer " + answer.getKey());
              }
            });
    return lacks;
  }

  private static JsonNode tree(String yaml) {
    return DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML);
  }

  private static Set<String> fields(JsonNode schemas, String name) {
    return new TreeSet<>(schemas.path(name).path("properties").propertyNames());
  }

  private static Set<String> components(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
