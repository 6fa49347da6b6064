package io.sluice.controlplane.api;

import io.sluice.controlplane.store.ResourceKey;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** One page of a list, as kumactl expects it. */
record ListAnswer<T>(
    @Schema(description = "How many there are in all pages", example = "1") long total,
    @Schema(description = "This page, ordered by mesh and name") List<T> items,
    @Schema(description = "Where the next page is, null on the last one") @Nullable String next) {

  ListAnswer {
    items = List.copyOf(items);
  }

  /** The page with the address of the one after it, which has the same filters. */
  static <T> ListAnswer<T> of(
      HttpServletRequest request, long total, List<T> items, Optional<ResourceKey> nextAfter) {
    return new ListAnswer<>(
        total,
        items,
        nextAfter
            .map(
                last ->
                    ServletUriComponentsBuilder.fromRequest(request)
                        .replaceQueryParam("offset", Page.offset(last))
                        // Not encoded: the request's parameters are already, and once is enough.
                        .build()
                        .toUriString())
            .orElse(null));
  }
}
