package io.sluice.resources.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.resources.validation.InvalidResource;
import io.sluice.resources.validation.Violation;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {

  @Test
  void aVariableIsReplacedWithinAndInsteadOfATextWithAndWithoutSpaces() {
    assertThat(
            substituted(
                "a: {{ x }}\nb: 'pre-{{x}}-{{ y }}'\nc: ['{{y}}', 5]",
                Map.of("x", "1", "y", "two")))
        .isEqualTo("{\"a\":\"1\",\"b\":\"pre-1-two\",\"c\":[\"two\",5]}");
  }

  @Test
  void aValueIsNeverReadAsStructureNorReplacedAgain() {
    assertThat(
            substituted(
                "a: {{ x }}",
                Map.of("x", "b}\nname: other\nc: [1, {{ y }}] $1 \\ &z", "y", "never")))
        .isEqualTo("{\"a\":\"b}\\nname: other\\nc: [1, {{ y }}] $1 \\\\ &z\"}");
  }

  @Test
  void variablesWithoutAValueAreAllNamedWithWhatWasGiven() {
    InvalidResource failure =
        catchThrowableOfType(
            InvalidResource.class,
            () ->
                substituted(
                    "networking:\n  inbound:\n  - {port: '{{ p }}', tags: {kuma.io/service: '{{s}}'}}",
                    Map.of("b", "1", "a", "2")));

    assertThat(failure.violations())
        .containsExactly(
            new Violation(
                "networking.inbound[0].port", "the variable \"p\" has no value; given are: a, b"),
            new Violation(
                "networking.inbound[0].tags[\"kuma.io/service\"]",
                "the variable \"s\" has no value; given are: a, b"));
  }

  @Test
  void theDocumentItselfStaysAsItIs() {
    var document = DocumentReader.read("a: {{ x }}".getBytes(UTF_8), Format.YAML);

    Variables.substitute(document, Map.of("x", "1"));

    assertThat(document.toString()).isEqualTo("{\"a\":\"{{x}}\"}");
  }

  private static String substituted(String yaml, Map<String, String> values) {
    return Variables.substitute(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML), values)
        .toString();
  }
}
