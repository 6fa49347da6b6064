package io.sluice.acceptance;

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

  /** One connection was redirected to the port, one was taken there by Envoy, and nothing else. */
  public ExchangeAssert wasCapturedOnceTo(int port) {
    actual.redirected().forEach((to, count) -> expect("redirected", to, to == port ? 1 : 0, count));
    actual.accepted().forEach((to, count) -> expect("accepted", to, to == port ? 1 : 0, count));
    return this;
  }

  public ExchangeAssert wasNotCaptured() {
    actual.redirected().forEach((to, count) -> expect("redirected", to, 0, count));
    actual.accepted().forEach((to, count) -> expect("accepted", to, 0, count));
    return this;
  }

  /** Without any rule: Envoy itself is bound to the port that was dialled. */
  public ExchangeAssert wasTakenByEnvoyOn(int port) {
    expect("accepted", port, 1, actual.accepted().getOrDefault(port, 0L));
    if (!actual.answer().throughEnvoy()) {
      failWithMessage("expected Envoy's headers, but got %s", actual.answer().headers());
    }
    return this;
  }

  private void expect(String what, int port, long expected, long count) {
    if (count != expected) {
      failWithMessage(
          "expected %s connections %s on %s, but it was %s (redirected %s, accepted by Envoy %s)",
          expected, what, port, count, actual.redirected(), actual.accepted());
    }
  }
}
