package io.sluice.controlplane.api;

import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.store.ResourceQuery;
import io.sluice.resources.dataplane.Dataplane;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** The query parameters of every list of dataplanes. */
record DataplaneFilter(
    @Parameter(description = "Only names that contain this text", example = "demo")
        @Nullable String name,
    @Parameter(
            description =
                "Only dataplanes with such a tag, as `key:value`; the value may be a part. May be"
                    + " repeated: all must hold",
            example = "kuma.io/service:app")
        @Nullable List<String> tag,
    @Parameter(description = "Only gateways (`true`, `builtin`, `delegated`) or none (`false`)")
        @Nullable String gateway,
    @Parameter(description = "How many items at most, 1 to 1000; 100 when absent")
        @Nullable Integer size,
    @BindParam("offset") @Parameter(description = "From the `next` of the page before")
        @Nullable String offset) {

  ResourceQuery query(Optional<String> mesh) {
    Page page =
        Page.of(size == null ? Integer.parseInt(Page.DEFAULT) : size, offset, Dataplane.TYPE);
    return new ResourceQuery(
        Dataplane.TYPE,
        mesh,
        Optional.ofNullable(name),
        tag == null ? List.of() : tag.stream().map(DataplaneFilter::tag).toList(),
        Optional.ofNullable(gateway).map(DataplaneFilter::gateway),
        page.size(),
        page.after());
  }

  private static Map.Entry<String, String> tag(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw ProblemException.badRequest("tag", "must be key:value, not \"" + text + "\"");
    }
    return Map.entry(text.substring(0, colon), text.substring(colon + 1));
  }

  private static ResourceQuery.GatewayFilter gateway(String text) {
    try {
      return ResourceQuery.GatewayFilter.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest(
          "gateway", "must be true, false, builtin or delegated, not \"" + text + "\"");
    }
  }
}
