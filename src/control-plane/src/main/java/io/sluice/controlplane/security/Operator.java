package io.sluice.controlplane.security;

import io.sluice.controlplane.store.Author;
import org.springframework.stereotype.Component;

/** Who an operator's request comes from, as history shows it. */
@Component
public class Operator {

  private final AdminToken adminToken;

  Operator(AdminToken adminToken) {
    this.adminToken = adminToken;
  }

  /** {@code admin} where a token is needed, else {@code local}: anybody on this host. */
  public Author author() {
    return new Author(adminToken.isSet() ? "admin" : "local");
  }
}
