package io.sluice.rendering.services;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Who wants which names. What an inbound is called follows from its tags alone, so those that carry
 * the same tags count as one.
 *
 * @param namers the VirtualOutbounds by name
 * @param tagSets how many inbounds carry exactly these tags
 * @param byHost the claims to a host, and from how many sets of tags each comes
 * @param byService the hosts of which somebody wants a port to lead to the service, and how many
 */
record NameIndex(
    PSortedMap<String, Namer> namers,
    PMap<SortedMap<String, String>, Integer> tagSets,
    PSortedMap<String, PSortedMap<Claim, Integer>> byHost,
    PSortedMap<String, PSortedMap<String, Integer>> byService) {

  static final NameIndex EMPTY =
      new NameIndex(TreePMap.empty(), HashTreePMap.empty(), TreePMap.empty(), TreePMap.empty());

  /** With one more inbound that carries the tags. */
  NameIndex plus(SortedMap<String, String> tags) {
    int count = tagSets.getOrDefault(tags, 0);
    NameIndex more = new NameIndex(namers, tagSets.plus(tags, count + 1), byHost, byService);
    if (count == 0) {
      for (Claim claim : claims(tags)) {
        more = more.plus(claim);
      }
    }
    return more;
  }

  /** With one inbound less that carries the tags. */
  NameIndex minus(SortedMap<String, String> tags) {
    int count = tagSets.getOrDefault(tags, 0);
    if (count > 1) {
      return new NameIndex(namers, tagSets.plus(tags, count - 1), byHost, byService);
    }
    NameIndex less = new NameIndex(namers, tagSets.minus(tags), byHost, byService);
    for (Claim claim : claims(tags)) {
      less = less.minus(claim);
    }
    return less;
  }

  /** With a VirtualOutbound, in place of one of that name. */
  NameIndex with(Namer namer) {
    NameIndex others = without(namer.policy().name());
    NameIndex more =
        new NameIndex(
            namers.plus(namer.policy().name(), namer), tagSets, others.byHost, others.byService);
    for (SortedMap<String, String> tags : tagSets.keySet()) {
      if (namer.verdict(tags).orElse(null) instanceof Verdict.Named(Claim claim)) {
        more = more.plus(claim);
      }
    }
    return more;
  }

  /** Without the VirtualOutbound of that name. */
  NameIndex without(String policy) {
    Namer namer = namers.get(policy);
    if (namer == null) {
      return this;
    }
    NameIndex less = new NameIndex(namers.minus(policy), tagSets, byHost, byService);
    for (SortedMap<String, String> tags : tagSets.keySet()) {
      if (namer.verdict(tags).orElse(null) instanceof Verdict.Named(Claim claim)) {
        less = less.minus(claim);
      }
    }
    return less;
  }

  /** What everybody who gives names makes of an inbound's tags. */
  List<Verdict> verdicts(SortedMap<String, String> tags) {
    List<Verdict> verdicts = DefaultNames.of(tags);
    for (Namer namer : namers.values()) {
      namer.verdict(tags).ifPresent(verdicts::add);
    }
    return verdicts;
  }

  /** All hosts that somebody wants. */
  SortedSet<String> hosts() {
    return byHost.keySet();
  }

  /** The hosts of which somebody wants a port to lead to the service. */
  SortedSet<String> hosts(String service) {
    return byService.getOrDefault(service, TreePMap.empty()).keySet();
  }

  /** Where the ports of a host lead. */
  List<Name.Port> ports(String host) {
    List<Name.Port> ports = new ArrayList<>();
    List<Claim> losers = new ArrayList<>();
    Claim winner = null;
    for (Claim claim : byHost.getOrDefault(host, TreePMap.empty()).keySet()) {
      if (winner == null || winner.port() != claim.port()) {
        if (winner != null) {
          ports.add(new Name.Port(winner, losers));
          losers.clear();
        }
        winner = claim;
      } else if (!claim.tags().equals(winner.tags())) {
        losers.add(claim);
      }
    }
    if (winner != null) {
      ports.add(new Name.Port(winner, losers));
    }
    return ports;
  }

  /** Whether all names lead where they do there, as far as that is seen at a glance. */
  @SuppressWarnings("ReferenceEquality") // a glance: what is not the same is looked at again
  boolean leadsWhere(NameIndex other) {
    return byHost == other.byHost;
  }

  private List<Claim> claims(SortedMap<String, String> tags) {
    return verdicts(tags).stream()
        .filter(Verdict.Named.class::isInstance)
        .map(verdict -> ((Verdict.Named) verdict).claim())
        .toList();
  }

  private NameIndex plus(Claim claim) {
    PSortedMap<Claim, Integer> ofHost = byHost.getOrDefault(claim.host(), TreePMap.empty());
    PSortedMap<String, Integer> ofService =
        byService.getOrDefault(claim.service(), TreePMap.empty());
    return new NameIndex(
        namers,
        tagSets,
        byHost.plus(claim.host(), counted(ofHost, claim, 1)),
        byService.plus(claim.service(), counted(ofService, claim.host(), 1)));
  }

  private NameIndex minus(Claim claim) {
    return new NameIndex(
        namers,
        tagSets,
        less(byHost, claim.host(), claim),
        less(byService, claim.service(), claim.host()));
  }

  private static <K extends Comparable<K>> PSortedMap<String, PSortedMap<K, Integer>> less(
      PSortedMap<String, PSortedMap<K, Integer>> all, String key, K counted) {
    PSortedMap<K, Integer> left = counted(all.getOrDefault(key, TreePMap.empty()), counted, -1);
    return left.isEmpty() ? all.minus(key) : all.plus(key, left);
  }

  private static <K> PSortedMap<K, Integer> counted(PSortedMap<K, Integer> counts, K key, int by) {
    int count = counts.getOrDefault(key, 0) + by;
    return count == 0 ? counts.minus(key) : counts.plus(key, count);
  }
}
