package io.sluice.controlplane.delivery;

import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import java.util.Locale;

/** Why a dataplane is no more. Only an operator's deletion says that its host shall be left. */
enum Deletion {
  /** Somebody wanted it. */
  OPERATOR("dataplane %s was deleted"),

  /** Nobody did: its agent was not heard for too long. */
  COLLECTION(
      "dataplane %s was collected, since its agent was not heard for long; put it again, and its"
          + " host goes on"),

  /** Its agent had registered it, and has said goodbye. */
  GOODBYE("dataplane %s went with its agent, which registers it again when it is back");

  /** Says the same to an agent, which reads no JSON. */
  static final String HEADER = "Sluice-Deleted-By";

  private final String detail;

  Deletion(String detail) {
    this.detail = detail;
  }

  /** Why a dataplane was deleted that somebody deleted last. */
  static Deletion by(Author who, ResourceKey dataplane) {
    if (who.equals(Author.CONTROL_PLANE)) {
      return COLLECTION;
    }
    return who.equals(Author.agentOf(dataplane)) ? GOODBYE : OPERATOR;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  String detail(ResourceKey dataplane) {
    return detail.formatted(dataplane.name());
  }
}
