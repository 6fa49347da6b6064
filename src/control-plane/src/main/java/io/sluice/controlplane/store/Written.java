package io.sluice.controlplane.store;

import java.time.Instant;

/** What a statement that wrote a resource returns. */
interface Written {

  long getRevision();

  Instant getCreatedAt();

  Instant getModifiedAt();
}
