package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.Chain;
import io.sluice.rendering.iptables.Target;
import java.util.List;
import java.util.Optional;

/**
 * Why a verdict is what it is.
 *
 * @param rule the rule that decided; none when no rule did
 */
record Cause(String reason, Optional<Consulted> rule) {

  /**
   * The cause of a verdict.
   *
   * @param withoutRules why there are no rules at all, if there are none
   */
  static Cause of(Verdict verdict, List<Step> steps, Optional<String> withoutRules) {
    if (withoutRules.isPresent()) {
      return new Cause(withoutRules.get(), Optional.empty());
    }
    return switch (verdict) {
      case Verdict.Untouched() -> untouched(steps);
      case Verdict.Redirected _ -> decided(steps);
      case Verdict.Dropped() -> decided(steps);
    };
  }

  /** The chain that redirects has one rule for all: whoever sent the packet there decided. */
  private static Cause decided(List<Step> steps) {
    List<Consulted> matched =
        steps.stream()
            .map(step -> step.rules().stream().filter(Consulted::matched).toList())
            .filter(rules -> !rules.isEmpty() && ends(rules.getLast().rule().target()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no rule has decided"));
    Consulted last = matched.getLast();
    Optional<Consulted> sender =
        matched.size() < 2 ? Optional.empty() : Optional.of(matched.get(matched.size() - 2));
    return of(
        sender.filter(before -> jumpsTo(before, last.chain()) && isOurs(before)).orElse(last));
  }

  private static Cause untouched(List<Step> steps) {
    Optional<Consulted> returned =
        steps.reversed().stream()
            .flatMap(step -> step.rules().reversed().stream())
            .filter(Consulted::matched)
            .filter(rule -> rule.rule().target() instanceof Target.Return)
            .findFirst();
    return returned
        .map(Cause::of)
        .orElseGet(
            () ->
                new Cause(
                    steps.stream()
                        .flatMap(step -> step.skipped().stream())
                        .findFirst()
                        .orElse("no rule captures it"),
                    Optional.empty()));
  }

  private static Cause of(Consulted rule) {
    return new Cause(rule.rule().reason(), Optional.of(rule));
  }

  private static boolean ends(Target target) {
    return switch (target) {
      case Target.Redirect _, Target.Drop _ -> true;
      case Target.Jump _, Target.Return _, Target.Zone _, Target.Log _ -> false;
    };
  }

  private static boolean jumpsTo(Consulted rule, Chain chain) {
    return rule.rule().target() instanceof Target.Jump(Chain to) && to == chain;
  }

  /** A jump from a chain of the kernel only says that we look at such packets at all. */
  private static boolean isOurs(Consulted rule) {
    return rule.chain() != Chain.PREROUTING && rule.chain() != Chain.OUTPUT;
  }
}
