package io.sluice.controlplane.store;

import org.springframework.dao.ConcurrencyFailureException;

/** Another transaction changed what this one had read; done once more, the write will see it. */
final class Interference extends ConcurrencyFailureException {

  private static final long serialVersionUID = 1L;

  Interference(ResourceKey key) {
    super(key + " was changed by another transaction");
  }
}
