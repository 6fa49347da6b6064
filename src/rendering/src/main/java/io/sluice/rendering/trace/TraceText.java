package io.sluice.rendering.trace;

import io.sluice.rendering.iptables.RulesWriter;
import io.sluice.rendering.trace.EnvoyPath.TakingListener;
import io.sluice.rendering.trace.EnvoyPath.Way;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A trace as people read it in a terminal. */
public final class TraceText {

  private final StringBuilder text = new StringBuilder();

  private TraceText() {}

  /** The trace as lines of text: the answer first, then the way to it. */
  public static String of(Trace trace) {
    TraceText text = new TraceText();
    text.connection(trace, "");
    Optional<Trace> next = trace.next();
    while (next.isPresent()) {
      text.text.append('\n');
      text.connection(next.get(), "Envoy opens ");
      next = next.get().next();
    }
    return text.text.toString();
  }

  private void connection(Trace trace, String subject) {
    line(0, subject + Summary.packet(trace.packet()));
    line(
        2,
        "%s: %s%s"
            .formatted(
                Summary.verdict(trace.verdict()),
                trace.because(),
                trace.cause().map(TraceText::setting).orElse("")));
    trace.steps().forEach(this::step);
    trace.envoy().ifPresent(this::envoy);
    if (!trace.assumptions().isEmpty()) {
      line(2, "assumed:");
      trace.assumptions().forEach(assumption -> line(4, "- " + assumption));
    }
  }

  private void step(Step step) {
    line(2, step.hook() + ", table " + step.table().name().toLowerCase(Locale.ROOT));
    step.skipped().ifPresent(why -> line(4, "skipped: " + why));
    List<Consulted> matched = step.rules().stream().filter(Consulted::matched).toList();
    if (matched.isEmpty() && step.skipped().isEmpty()) {
      line(4, "none of " + step.rules().size() + " rules matches");
    }
    for (Consulted rule : matched) {
      line(4, "%s %d: %s".formatted(rule.chain(), rule.number(), RulesWriter.text(rule.rule())));
      line(8, rule.rule().reason() + setting(rule));
    }
  }

  private static String setting(Consulted rule) {
    return rule.origin()
        .map(origin -> " [%s: %s]".formatted(rule.rule().setting(), origin))
        .orElse("");
  }

  private void envoy(EnvoyPath path) {
    line(2, "Envoy");
    TakingListener listener = path.listener();
    listener.catchAll().ifPresent(name -> line(4, "accepted by   " + name));
    line(4, "listener      " + listener.name() + ": " + listener.why());
    line(
        4,
        "filter chain  "
            + (path.filterChain().name().isEmpty() ? "" : path.filterChain().name() + ": ")
            + path.filterChain().why());
    path.ways().forEach(this::way);
  }

  private void way(Way way) {
    way.request().ifPresent(request -> line(4, "requests for  " + request));
    switch (way) {
      case Way.Answered answered -> line(4, "answered      " + answered.status());
      case Way.ToCluster to -> {
        line(4, "cluster       " + to.cluster() + ", " + to.clusterType());
        line(
            4,
            "endpoint      "
                + (to.endpoints().isEmpty() ? "none" : String.join(", ", to.endpoints())));
        to.source().ifPresent(source -> line(4, "from          " + source));
      }
    }
  }

  private void line(int indent, String content) {
    text.repeat(' ', indent).append(content).append('\n');
  }
}
