package io.sluice.resources.virtualoutbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

  private static final Map<String, String> VALUES = Map.of("service", "backend", "v", "2");

  @Test
  void parametersStandAmongText() throws Template.Malformed {
    assertThat(Template.parse("{{.service}}-v{{.v}}.mesh").fill(VALUES))
        .isEqualTo("backend-v2.mesh");
  }

  @Test
  void whiteSpaceMayStandInsideTheBracesAsInGo() throws Template.Malformed {
    assertThat(Template.parse("{{ .service }}.{{\t.v\n}}").fill(VALUES)).isEqualTo("backend.2");
  }

  @Test
  void aTextWithoutParametersAndClosingBracesAloneAreText() throws Template.Malformed {
    assertThat(Template.parse("api.example.com").fill(VALUES)).isEqualTo("api.example.com");
    assertThat(Template.parse("a}}b{.c}").fill(VALUES)).isEqualTo("a}}b{.c}");
  }

  @Test
  void theParametersAreKnown() throws Template.Malformed {
    assertThat(Template.parse("{{.v}}{{.service}}{{.v}}").parameters())
        .containsExactly("service", "v");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{.service}}.{{.v; character 14; not closed",
        "{{}}; character 1; no parameter is named",
        "a{{service}}; character 2; a dot is missing",
        "{{- .service }}; character 1; trim markers",
        "{{. service}}; character 1; not understood",
        "{{.service | printf}}; character 1; pipes",
        "x{{if .v}}y{{end}}; character 2; conditions",
        "{{/* c */}}; character 1; comments",
        "{{.service.name}}; character 1; not understood",
        "{{.1a}}; character 1; not understood",
        "{{{.service}}}; character 1; not understood",
      })
  void anythingMoreIsAnErrorWithItsPlace(String text, String place, String reason) {
    assertThatExceptionOfType(Template.Malformed.class)
        .isThrownBy(() -> Template.parse(text))
        .withMessageStartingWith(place + ",")
        .withMessageContaining(reason);
  }
}
