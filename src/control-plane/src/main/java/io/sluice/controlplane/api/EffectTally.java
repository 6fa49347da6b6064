package io.sluice.controlplane.api;

import io.sluice.controlplane.changes.Inputs;
import io.sluice.controlplane.delivery.Bundles;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.rendering.diff.BundleDiff;
import io.sluice.rendering.diff.Interruption;
import io.sluice.rendering.diff.Interruptions;
import io.sluice.rendering.diff.RenderedHost;
import io.sluice.resources.dataplane.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Gathers how dataplanes change, within bounds: what is beyond is counted. */
final class EffectTally {

  /** More are counted and not shown: nobody reads on. */
  private static final int MOST_DATAPLANES = 100;

  /** So many are compared; what a document for a whole mesh does to the others is much the same. */
  private static final int MOST_COMPARED = 1000;

  /** How long the differences of all files together may be, in characters. */
  private static final int MOST_TEXT = 4 * 1024 * 1024;

  private final Bundles bundles;
  private final List<EffectAnswer> shown = new ArrayList<>();
  private int compared;
  private int notCompared;
  private int total;
  private int interrupted;
  private int room = MOST_TEXT;

  EffectTally(Bundles bundles) {
    this.bundles = bundles;
  }

  /**
   * Compares one dataplane; equal inputs have equal bundles, which then are not rendered.
   *
   * @param provisional hosts whose addresses afterwards may be others
   */
  void add(
      ResourceKey dataplane,
      Optional<Inputs> before,
      Optional<Inputs> after,
      Set<String> provisional) {
    if (before.equals(after)) {
      return;
    }
    if (compared == MOST_COMPARED) {
      notCompared++;
      return;
    }
    compared++;
    Rendered old = rendered(before);
    Rendered next = rendered(after);
    if (old.digest().equals(next.digest()) && old.problem().equals(next.problem())) {
      return;
    }
    total++;
    // A host goes on with what it has when nothing can be made for it.
    List<Interruption> cuts =
        next.problem().isPresent() ? List.of() : Interruptions.between(old.host(), next.host());
    if (!cuts.isEmpty()) {
      interrupted++;
    }
    if (shown.size() < MOST_DATAPLANES) {
      shown.add(effect(dataplane, old, next, cuts, named(after, provisional)));
    }
  }

  EffectsAnswer answer() {
    return new EffectsAnswer(total, interrupted, notCompared, shown);
  }

  /** How many of the hosts a transparent dataplane is told of; others are told no addresses. */
  private static int named(Optional<Inputs> inputs, Set<String> hosts) {
    return inputs
        .filter(each -> !hosts.isEmpty() && each.effective().mode() == Mode.IPTABLES)
        .map(
            each ->
                (int)
                    each.sight().reach().names().keySet().stream().filter(hosts::contains).count())
        .orElse(0);
  }

  private EffectAnswer effect(
      ResourceKey dataplane,
      Rendered old,
      Rendered next,
      List<Interruption> cuts,
      int provisionalNames) {
    BundleDiff diff =
        new BundleDiff(
            dataplane.mesh() + "/" + dataplane.name() + "/",
            old.host().map(RenderedHost::bundle),
            next.host().map(RenderedHost::bundle));
    SortedMap<String, String> files = diff.files(room);
    files.values().forEach(text -> room -= text.length());
    return new EffectAnswer(
        dataplane.mesh(),
        dataplane.name(),
        cuts.stream().map(EffectAnswer.WarningAnswer::of).toList(),
        files,
        diff.paths().size() - files.size(),
        provisionalNames,
        next.problem().orElse(null));
  }

  /** What a host is told, or why it can be told nothing; neither without a dataplane. */
  private record Rendered(Optional<RenderedHost> host, Optional<String> problem) {

    Optional<Object> digest() {
      return host.map(RenderedHost::bundle).map(Bundle::digest);
    }
  }

  private Rendered rendered(Optional<Inputs> inputs) {
    try {
      return new Rendered(inputs.map(this::host), Optional.empty());
    } catch (UnrenderableException e) {
      return new Rendered(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private RenderedHost host(Inputs inputs) {
    return new RenderedHost(
        inputs.mesh(),
        inputs.dataplane(),
        inputs.effective(),
        inputs.facts(),
        bundles.preview(inputs));
  }
}
