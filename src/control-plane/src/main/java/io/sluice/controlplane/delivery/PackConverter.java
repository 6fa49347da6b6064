package io.sluice.controlplane.delivery;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;

/** Sends packs while they are made. */
@Component
class PackConverter extends AbstractHttpMessageConverter<Pack> {

  static final MediaType ZIP = MediaType.parseMediaType("application/zip");

  private final DistributionSummary sent;

  PackConverter(MeterRegistry meters) {
    super(ZIP);
    this.sent =
        DistributionSummary.builder("sluice.packs")
            .description("Packs sent to agents")
            .baseUnit("bytes")
            .register(meters);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type == Pack.class;
  }

  @Override
  protected Pack readInternal(Class<? extends Pack> type, HttpInputMessage message) {
    throw new HttpMessageNotReadableException("nobody sends packs to a control plane", message);
  }

  @Override
  protected void writeInternal(Pack pack, HttpOutputMessage message) throws IOException {
    sent.record((double) pack.writeTo(message.getBody()));
  }
}
