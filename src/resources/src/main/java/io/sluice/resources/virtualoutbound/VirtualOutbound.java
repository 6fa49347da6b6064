package io.sluice.resources.virtualoutbound;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Inbound;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names and ports under which the inbounds that it selects are reached, with the fields of Kuma
 * 2.9.
 *
 * @param mesh the mesh whose inbounds it may select
 * @param name unique among the resources of this type in the mesh
 * @param selectors an inbound is selected if any of them matches
 */
public record VirtualOutbound(
    String mesh, String name, SortedMap<String, String> labels, List<Selector> selectors, Conf conf)
    implements Resource {

  /** The document's {@code type}. */
  public static final String TYPE = "VirtualOutbound";

  /** Copies the collections. */
  public VirtualOutbound {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    selectors = List.copyOf(selectors);
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** How well an inbound with these tags is selected; empty if it is not. */
  public Optional<Rank> rank(SortedMap<String, String> tags) {
    return selectors.stream()
        .filter(selector -> selector.matches(tags))
        .map(Selector::rank)
        .max(Rank::compareTo);
  }

  /**
   * Whom it selects.
   *
   * @param match tags that an inbound has; {@code *} stands for any value
   */
  public record Selector(SortedMap<String, String> match) {

    private static final String ANY = "*";

    /** Copies the tags, sorted. */
    public Selector {
      match = Collections.unmodifiableSortedMap(new TreeMap<>(match));
    }

    boolean matches(SortedMap<String, String> tags) {
      for (var wanted : match.entrySet()) {
        String value = tags.get(wanted.getKey());
        if (value == null || !(wanted.getValue().equals(ANY) || wanted.getValue().equals(value))) {
          return false;
        }
      }
      return true;
    }

    Rank rank() {
      long exact = match.values().stream().filter(value -> !value.equals(ANY)).count();
      return new Rank(match.size(), (int) exact);
    }
  }

  /**
   * What decides between two that want one port of one name, before their age does. The greater
   * wins.
   *
   * @param tags how many tags the best of the matching selectors has
   * @param exact how many of these have a value
   */
  public record Rank(int tags, int exact) implements Comparable<Rank> {

    @Override
    public int compareTo(Rank other) {
      int byTags = Integer.compare(tags, other.tags);
      return byTags != 0 ? byTags : Integer.compare(exact, other.exact);
    }
  }

  /**
   * What the inbounds are called.
   *
   * @param host a template ({@link Template}) of a DNS name in any domain
   * @param port a template of a port
   * @param parameters what templates may refer to; their tags are also what an endpoint must carry
   */
  public record Conf(String host, String port, List<Parameter> parameters) {

    /** Copies the list. */
    public Conf {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * The value of one of the inbound's tags.
   *
   * @param name as templates call it
   * @param tagKey the tag, default the name itself
   */
  public record Parameter(String name, @Nullable String tagKey) {

    /** The tag whose value it is. */
    public String tag() {
      return tagKey == null ? name : tagKey;
    }

    boolean isService() {
      return Inbound.SERVICE_TAG.equals(tagKey);
    }
  }
}
