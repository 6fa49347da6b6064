package io.sluice.resources.mesh;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which dataplanes may join a mesh. */
public record Constraints(@Nullable DataplaneProxy dataplaneProxy) {

  /**
   * Every tag set of a dataplane must meet one requirement, if there are any, and no restriction.
   */
  public record DataplaneProxy(List<Rule> requirements, List<Rule> restrictions) {

    /** Copies the lists. */
    public DataplaneProxy {
      requirements = List.copyOf(requirements);
      restrictions = List.copyOf(restrictions);
    }
  }

  /** Tags and their values; {@code *} stands for any value that is not empty. */
  public record Rule(SortedMap<String, String> tags) {

    /** What stands for any value. */
    public static final String ANY = "*";

    /** Copies the tags, sorted. */
    public Rule {
      tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Whether a tag set has all of the rule's tags. */
    boolean matches(SortedMap<String, String> of) {
      return tags.entrySet().stream()
          .allMatch(
              tag -> {
                String value = of.getOrDefault(tag.getKey(), "");
                return tag.getValue().equals(ANY) ? !value.isEmpty() : value.equals(tag.getValue());
              });
    }
  }
}
