package io.sluice.rendering.services;

import io.sluice.resources.virtualoutbound.Naming;
import io.sluice.resources.virtualoutbound.Template;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A VirtualOutbound at work.
 *
 * @param created when it was created, in microseconds since 1970
 */
record Namer(VirtualOutbound policy, long created, Optional<Naming> naming, String defect) {

  static Namer of(VirtualOutbound policy, long created) {
    try {
      return new Namer(policy, created, Optional.of(Naming.of(policy)), "");
    } catch (Template.Malformed e) {
      // It was stored when more was understood: it names nobody, and its inbounds say why.
      return new Namer(policy, created, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** What it makes of an inbound's tags; nothing if it does not select them. */
  Optional<Verdict> verdict(SortedMap<String, String> tags) {
    return policy
        .rank(tags)
        .map(rank -> verdict(tags, new Origin.Policy(policy.name(), rank, created)));
  }

  private Verdict verdict(SortedMap<String, String> tags, Origin origin) {
    return naming
        .map(
            names ->
                switch (names.name(tags)) {
                  case Naming.Result.Named(String host, int port, var target) ->
                      (Verdict) new Verdict.Named(new Claim(host, port, target, origin));
                  case Naming.Result.Nameless(String reason) ->
                      new Verdict.Nameless(origin, reason);
                })
        .orElseGet(() -> new Verdict.Nameless(origin, defect));
  }
}
