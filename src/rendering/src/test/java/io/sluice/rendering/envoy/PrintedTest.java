package io.sluice.rendering.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import io.sluice.rendering.bundle.Content;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTest {

  private final List<Message> asked = new ArrayList<>();
  private final Printed printed =
      new Printed(
          2,
          message -> {
            asked.add(message);
            return Content.of(message.toString());
          });

  @Test
  void anEqualMessageIsPrintedOnce() {
    assertThat(printed.of(StringValue.of("a"))).isSameAs(printed.of(StringValue.of("a")));
    assertThat(asked).hasSize(1);
  }

  @Test
  void theLeastRecentlyAskedForIsForgotten() {
    printed.of(StringValue.of("a"));
    printed.of(StringValue.of("b"));
    printed.of(StringValue.of("a"));
    printed.of(StringValue.of("c"));
    asked.clear();

    printed.of(StringValue.of("a"));
    printed.of(StringValue.of("b"));

    assertThat(asked).containsExactly(StringValue.of("b"));
  }
}
