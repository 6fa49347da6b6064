package io.sluice.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void valuesAreWrittenAsTheirKind() {
    assertThat(JsonText.of(Map.of("ok", true))).isEqualTo("{\"ok\":true}");
    assertThat(JsonText.of(List.of("a", List.of(), Map.of()))).isEqualTo("[\"a\",[],{}]");
  }

  @Test
  void charactersThatCouldEndAStringAreEscaped() {
    assertThat(JsonText.of("a\"b\\c\n\u0000\u00e9\ud83d"))
        .isEqualTo("\"a\\\"b\\\\c\\u000a\\u0000\\u00e9\\ud83d\"");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> JsonText.of(1)).isInstanceOf(IllegalArgumentException.class);
  }
}
