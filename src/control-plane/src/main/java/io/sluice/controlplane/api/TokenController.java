package io.sluice.controlplane.api;

import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.http.RequestDocuments;
import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.security.DataplaneTokens;
import io.sluice.controlplane.security.Operator;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.StoreException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "Tokens", description = "Credentials of agents: each opens exactly one dataplane.")
@RestController
@RequestMapping("/tokens")
class TokenController {

  /** Tells when the token expires, since the body is the token and nothing else. */
  static final String EXPIRES = "Sluice-Token-Expires";

  private final DataplaneTokens tokens;
  private final ResourceStore store;
  private final Operator operator;

  TokenController(DataplaneTokens tokens, ResourceStore store, Operator operator) {
    this.tokens = tokens;
    this.store = store;
    this.operator = operator;
  }

  /** Tokens as they are listed: all but the secret. */
  @Schema(description = "Tokens, newest first.")
  record TokenList(
      List<DataplaneToken> items,
      @Schema(description = "Give it as `before` to get the next page; null on the last one")
          @Nullable Long next) {}

  @Operation(
      summary = "Issue a token for a dataplane",
      description =
          "Answers the token as text and nothing else; it can't be had again. The header"
              + " `Sluice-Token-Expires` says until when it opens the dataplane: 24 hours from now"
              + " unless `validFor` says otherwise. The dataplane need not exist yet, its mesh must.")
  @Takes(Takes.TOKEN_REQUEST)
  @PostMapping("/dataplane")
  ResponseEntity<String> issue(HttpServletRequest request) {
    TokenRequest wanted = TokenRequest.read(RequestDocuments.one(request));
    if (store.find(ResourceKey.mesh(wanted.mesh())).isEmpty()) {
      throw new StoreException.MeshNotFound(ResourceKey.dataplane(wanted.mesh(), wanted.name()));
    }
    DataplaneTokens.Issued issued =
        tokens.issue(wanted.mesh(), wanted.name(), wanted.validFor(), operator.author());
    return ResponseEntity.ok()
        .header(EXPIRES, issued.token().expires().toString())
        .header("Sluice-Token-Id", Long.toString(issued.token().id()))
        .cacheControl(CacheControl.noStore())
        .contentType(MediaType.TEXT_PLAIN)
        .body(issued.secret());
  }

  @Operation(summary = "List tokens", description = "Without their secrets, newest first.")
  @GetMapping
  TokenList list(
      @RequestParam(required = false) @Nullable String mesh,
      @RequestParam(required = false) @Nullable String name,
      @Parameter(description = "From the `next` of the page before")
          @RequestParam(defaultValue = "" + Long.MAX_VALUE)
          long before,
      @RequestParam(defaultValue = Page.DEFAULT) int size) {
    Page page = Page.of(size, null, "");
    List<DataplaneToken> items =
        tokens.list(Optional.ofNullable(mesh), Optional.ofNullable(name), before, page.size());
    return new TokenList(items, items.size() == size ? items.getLast().id() : null);
  }

  @Operation(
      summary = "Revoke a token",
      description = "From now on it opens nothing; an agent that waits with it is sent away.")
  @DeleteMapping("/{id}")
  DataplaneToken revoke(@PathVariable long id) {
    return tokens
        .revoke(id)
        .orElseThrow(() -> ProblemException.notFound("Token not found", "there is no token " + id));
  }
}
