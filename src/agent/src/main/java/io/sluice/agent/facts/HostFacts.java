package io.sluice.agent.facts;

import io.sluice.agent.bundle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Facts about a host in the words of docs/agent-protocol.md.
 *
 * @param values by key; printable ASCII
 */
public record HostFacts(SortedMap<String, String> values) {

  /** The most that the control plane takes. */
  private static final int LONGEST_VALUE = 16_384;

  private static final int LONGEST_LIST = 1000;

  /** Keeps a copy. */
  public HostFacts {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** The document: sorted lines {@code key=value}. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      text.append(entry.getKey()).append('=').append(entry.getValue()).append('\n');
    }
    return text.toString();
  }

  /** SHA-256 of the document, by which a poll names it. */
  public String digest() {
    return Digest.of(text().getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * A list as a value: as much of it as the control plane takes, and no character that it refuses:
   * a host whose facts are refused gets its bundles as if nothing was known of it. The kernel lets
   * an interface have almost any name.
   */
  static String list(Collection<?> items) {
    StringBuilder list = new StringBuilder();
    int count = 0;
    for (Object item : items) {
      String text = item.toString().replaceAll("[^A-Za-z0-9_.@:+/-]", "_");
      if (count++ == LONGEST_LIST || list.length() + text.length() >= LONGEST_VALUE) {
        break;
      }
      list.append(list.isEmpty() ? "" : ",").append(text);
    }
    return list.toString();
  }
}
