package io.sluice.resources.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Documents as large as may be are judged in a time that grows with their size alone. */
class LargeDocumentTest {

  private static final Duration BOUND = Duration.ofSeconds(20);

  @Test
  void thousandsOfInboundsThatLeadToEachOther() {
    assertThat(
            judged(
                    8000,
                    i ->
                        "- {port: %d, servicePort: %d, tags: {kuma.io/service: a}}\n"
                            .formatted(20000 + i, 20001 + i))
                .violations())
        .hasSize(1000);
  }

  @Test
  void thousandsOfAddressesWithOnePort() {
    assertThat(
            judged(
                    8000,
                    i ->
                        "- {port: 80, address: 10.0.%d.%d, serviceAddress: 10.1.%d.%d, tags: {kuma.io/service: a}}\n"
                            .formatted(i >> 8, i & 255, i >> 8, i & 255))
                .violations())
        .isEmpty();
  }

  @Test
  void thousandsOfUnknownFields() {
    Judged judged =
        Assertions.assertTimeoutPreemptively(
            BOUND,
            () ->
                Judged.networking(
                    IntStream.range(0, 40_000)
                        .mapToObj(i -> "transparentProx%05d: 1\n".formatted(i))
                        .collect(Collectors.joining())));

    assertThat(judged.violations()).hasSizeBetween(1000, 1001);
  }

  private static Judged judged(int count, IntFunction<String> inbound) {
    String inbounds =
        IntStream.range(0, count)
            .mapToObj(inbound)
            .collect(Collectors.joining("", "inbound:\n", ""));
    return Assertions.assertTimeoutPreemptively(
        BOUND, () -> Judged.networking(inbounds + "admin: {port: 9901}\n"));
  }
}
