package io.sluice.resources.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

  private static final String TWO_INBOUNDS =
      """
      - {port: 80, servicePort: 81, tags: {kuma.io/service: web, env: prod}}
      - {port: 90, servicePort: 91, tags: {kuma.io/service: admin, team: a}}
      - {port: 95, servicePort: 96, state: Ignored, tags: {kuma.io/service: old}}
      """;

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: Mesh} | true",
        "{kind: Mesh, proxyTypes: [Sidecar]} | true",
        "{kind: Mesh, proxyTypes: [Gateway]} | false",
        "{kind: MeshSubset, tags: {env: prod}} | true",
        "{kind: MeshSubset, tags: {env: prod, kuma.io/service: web}} | true",
        "{kind: MeshSubset, tags: {env: test}} | false",
        "{kind: MeshSubset, tags: {env: prod, team: a}} | false",
        "{kind: MeshSubset, tags: {env: prod}, proxyTypes: [Gateway]} | false",
        "{kind: MeshService, name: admin} | true",
        "{kind: MeshService, name: old} | false",
        "{kind: MeshServiceSubset, name: web, tags: {env: prod}} | true",
        "{kind: MeshServiceSubset, name: web, tags: {team: a}} | false",
        "{kind: Dataplane, name: it} | true",
        "{kind: Dataplane, name: other} | false"
      })
  void aTargetSelectsADataplaneOrNot(String target, boolean expected) {
    assertThat(Selection.selects(policy("p", target), dataplane(TWO_INBOUNDS))).isEqualTo(expected);
  }

  @Test
  void anAbsentTargetIsTheMesh() {
    assertThat(Selection.selects(document("name: p\nspec: {}"), dataplane(TWO_INBOUNDS))).isTrue();
  }

  @Test
  void theTagsOfADelegatedGatewayAreSelectedLikeAnInbounds() {
    Dataplane gateway =
        (Dataplane)
            read(
                "type: Dataplane\nmesh: default\nname: edge\nnetworking: {address: 10.0.0.1,"
                    + " gateway: {tags: {kuma.io/service: edge}}}\n");

    assertThat(Selection.selects(policy("p", "{kind: MeshService, name: edge}"), gateway)).isTrue();
    assertThat(Selection.selects(policy("p", "{kind: Mesh, proxyTypes: [Gateway]}"), gateway))
        .isTrue();
    assertThat(Selection.selects(policy("p", "{kind: Mesh, proxyTypes: [Sidecar]}"), gateway))
        .isFalse();
  }

  @Test
  void aShadowAndAPolicyOfAnotherMeshSelectNobody() {
    assertThat(
            Selection.selects(
                document("name: p\nlabels: {kuma.io/effect: shadow}\nspec: {}"),
                dataplane(TWO_INBOUNDS)))
        .isFalse();
    assertThat(
            Selection.selects(
                (MeshTransparentProxy)
                    read("type: MeshTransparentProxy\nmesh: other\nname: p\nspec: {}\n"),
                dataplane(TWO_INBOUNDS)))
        .isFalse();
  }

  @Test
  void theMoreSpecificKindWinsAndThenTheAlphabeticallyFirstName() {
    assertThat(
            order(
                policy("a", "{kind: Mesh}"),
                policy("b", "{kind: Mesh}"),
                policy("c", "{kind: Dataplane, name: it}"),
                policy("d", "{kind: MeshSubset, tags: {env: prod}}"),
                policy("e", "{kind: MeshServiceSubset, name: web, tags: {env: prod}}"),
                policy("f", "{kind: MeshService, name: web}")))
        .containsExactly("b", "a", "d", "f", "e", "c");
  }

  @Test
  void theNumberOfTagsDoesNotCountAndADisplayNameDoes() {
    assertThat(
            order(
                policy("a", "{kind: MeshSubset, tags: {env: prod}}"),
                policy("b", "{kind: MeshSubset, tags: {env: prod, kuma.io/service: web}}"),
                document(
                    "name: z\nlabels: {kuma.io/display-name: \"0\"}\nspec: {targetRef: {kind:"
                        + " MeshSubset, tags: {env: prod}}}")))
        .containsExactly("b", "a", "z");
  }

  private static List<String> order(MeshTransparentProxy... policies) {
    return Selection.of(Arrays.asList(policies), dataplane(TWO_INBOUNDS)).stream()
        .map(MeshTransparentProxy::name)
        .toList();
  }

  private static MeshTransparentProxy policy(String name, String target) {
    return document("name: " + name + "\nspec: {targetRef: " + target + "}");
  }

  private static MeshTransparentProxy document(String yaml) {
    return (MeshTransparentProxy) read("type: MeshTransparentProxy\nmesh: default\n" + yaml + "\n");
  }

  private static Dataplane dataplane(String inbounds) {
    return (Dataplane)
        read(
            "type: Dataplane\nmesh: default\nname: it\nnetworking:\n  address: 10.0.0.1\n"
                + "  inbound:\n"
                + inbounds.indent(2));
  }

  private static Resource read(String yaml) {
    return ResourceReader.read(
            DocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8), Format.YAML))
        .resource();
  }
}
