package io.sluice.controlplane.store;

import java.util.List;

/**
 * One page of a list.
 *
 * @param total how many match in all pages
 * @param more whether another page follows
 */
public record ResourcePage(List<StoredResource> items, long total, boolean more) {

  /** Copies the items. */
  public ResourcePage {
    items = List.copyOf(items);
  }
}
