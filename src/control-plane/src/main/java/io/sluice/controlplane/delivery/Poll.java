package io.sluice.controlplane.delivery;

import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.store.ResourceKey;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * A host that waits.
 *
 * @param facts the digest of what the host knows about itself, as it said
 * @param packs what the host understands of packs
 * @param result completed once; no thread waits with it
 */
record Poll(
    ResourceKey dataplane,
    Known known,
    Optional<String> facts,
    Packs packs,
    DataplaneToken caller,
    DeferredResult<ResponseEntity<?>> result) {}
