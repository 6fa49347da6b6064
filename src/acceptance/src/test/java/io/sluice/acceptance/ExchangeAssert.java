package io.sluice.acceptance;

import io.sluice.acceptance.process.Direction;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;

/** Says what became of a request in the words of the data path. */
public final class ExchangeAssert extends AbstractAssert<ExchangeAssert, Exchange> {

  private ExchangeAssert(Exchange actual) {
    super(actual, ExchangeAssert.class);
    as(actual.what());
  }

  public static ExchangeAssert assertThat(Exchange exchange) {
    return new ExchangeAssert(exchange);
  }

  public ExchangeAssert wasAnsweredBy(String application) {
    if (actual.answer().status() != 200 || !actual.answer().application().equals(application)) {
      failWithMessage(
          "expected an answer of %s, but got %s %s",
          application, actual.answer().status(), actual.answer().body());
    }
    return this;
  }

  /** The address from which the application says it was called. */
  public ExchangeAssert calledFrom(String address) {
    if (!actual.answer().peer().equals(address)) {
      failWithMessage(
          "expected the application to be called from %s, but it was from %s",
          address, actual.answer().peer());
    }
    return this;
  }

  /** One connection was redirected and taken by Envoy, in this direction and in no other. */
  public ExchangeAssert wasCapturedOnce(Direction captured) {
    for (Direction direction : Direction.values()) {
      long expected = direction == captured ? 1 : 0;
      expect("redirected", direction, expected, actual.redirected());
      expect("accepted by Envoy", direction, expected, actual.accepted());
    }
    return this;
  }

  /** Neither rules nor Envoy had anything to do with it. */
  public ExchangeAssert wasNotCaptured() {
    for (Direction direction : Direction.values()) {
      expect("redirected", direction, 0, actual.redirected());
      expect("accepted by Envoy", direction, 0, actual.accepted());
    }
    return this;
  }

  /** Without any rule: an Envoy that is bound to the dialled port took it. */
  public ExchangeAssert wasTakenByEnvoyItself() {
    expect("redirected", Direction.INBOUND, 0, actual.redirected());
    expect("accepted by Envoy", Direction.INBOUND, 1, actual.accepted());
    if (!actual.answer().throughEnvoy()) {
      failWithMessage("expected Envoy's headers, but got %s", actual.answer().headers());
    }
    return this;
  }

  private void expect(
      String what, Direction direction, long expected, Map<Direction, Long> counts) {
    if (counts.getOrDefault(direction, 0L) != expected) {
      failWithMessage(
          "expected %s %s connections %s, but redirected were %s and accepted by Envoy %s",
          expected, direction, what, actual.redirected(), actual.accepted());
    }
  }
}
