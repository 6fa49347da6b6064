package io.sluice.controlplane.delivery;

import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.store.ResourceKey;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * A host that waits.
 *
 * @param result completed once; no thread waits with it
 */
record Poll(
    ResourceKey dataplane,
    Known known,
    DataplaneToken caller,
    DeferredResult<ResponseEntity<?>> result) {}
