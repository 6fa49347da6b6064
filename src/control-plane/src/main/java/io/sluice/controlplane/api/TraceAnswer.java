package io.sluice.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.rendering.iptables.RulesWriter;
import io.sluice.rendering.trace.Consulted;
import io.sluice.rendering.trace.EnvoyPath;
import io.sluice.rendering.trace.EnvoyPath.Way;
import io.sluice.rendering.trace.Step;
import io.sluice.rendering.trace.Trace;
import io.sluice.rendering.trace.Verdict;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of a packet, as a document. */
@Schema(name = "Trace", description = "What becomes of a packet on the host of a dataplane.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record TraceAnswer(
    @Schema(
            description = "All of it in one line",
            example =
                "a new TCP connection from 10.0.0.9 that arrives to 10.0.0.5:5000 is redirected to"
                    + " Envoy's inbound port 15006: all other inbound connections; listener"
                    + " inbound:10.0.0.5:5000 passes the connection to 10.0.0.5:5000 from"
                    + " 127.0.0.6, cluster inbound:10.0.0.5:5000")
        String summary,
    VerdictAnswer verdict,
    @Schema(description = "The tables that the packet came to, in the kernel's order")
        List<StepAnswer> steps,
    @Schema(description = "The way through Envoy; absent when Envoy does not get the packet")
        @Nullable EnvoyAnswer envoy,
    @Schema(description = "What becomes of the connection that Envoy opens for it")
        @Nullable TraceAnswer next,
    @Schema(
            description = "What is taken for granted because nobody said it",
            example = "[\"the process is not of group sluice (say group)\"]")
        List<String> assumptions) {

  TraceAnswer {
    steps = List.copyOf(steps);
    assumptions = List.copyOf(assumptions);
  }

  /** What the kernel does. */
  @Schema(name = "TraceVerdict", description = "What the kernel does with the packet.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record VerdictAnswer(
      @Schema(description = "untouched, redirected or dropped", example = "redirected")
          String action,
      @Schema(description = "To whom it is redirected: inbound, outbound or dns")
          @Nullable String to,
      @Schema(description = "To which port of the host", example = "15006") @Nullable Integer port,
      @Schema(description = "Why", example = "all other inbound connections") String reason,
      @Schema(
              description = "The setting behind the rule that decided",
              example = "redirect.inbound.enabled")
          @Nullable String setting,
      @Schema(
              description = "The resource that gave the setting its value",
              example = "MeshTransparentProxy virtual-machines")
          @Nullable String origin) {}

  /** One table at one hook. */
  @Schema(name = "TraceStep", description = "One table at one of the kernel's hooks.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StepAnswer(
      @Schema(example = "PREROUTING") String hook,
      @Schema(description = "raw, mangle or nat", example = "nat") String table,
      @Schema(description = "Why the packet did not pass through the table; absent if it did")
          @Nullable String skipped,
      @Schema(description = "The rules that were looked at, in that order")
          List<RuleAnswer> rules) {

    StepAnswer {
      rules = List.copyOf(rules);
    }
  }

  /** One rule. */
  @Schema(name = "TraceRule", description = "A rule that the kernel looked at.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RuleAnswer(
      @Schema(example = "SLUICE_INBOUND") String chain,
      @Schema(description = "Its place among our rules of the chain", example = "2") int number,
      @Schema(example = "-p tcp -j SLUICE_INBOUND_REDIRECT") String rule,
      boolean matched,
      @Schema(description = "The condition that the packet does not meet; absent if it matched")
          @Nullable String failed,
      @Schema(example = "all other inbound connections") String reason,
      @Schema(example = "redirect.inbound.enabled") @Nullable String setting,
      @Schema(example = "default") @Nullable String origin) {}

  /** The way through Envoy. */
  @Schema(name = "TraceEnvoy", description = "The way of the connection through Envoy.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EnvoyAnswer(
      @Schema(example = "inbound:10.0.0.5:5000") String listener,
      @Schema(example = "10.0.0.5:5000") String address,
      @Schema(description = "Why this listener") String listenerReason,
      @Schema(
              description = "The listener that accepted the connection and handed it over",
              example = "inbound:passthrough:ipv4")
          @Nullable String acceptedBy,
      @Schema(description = "Its name; absent if it has none") @Nullable String filterChain,
      @Schema(description = "Why this filter chain") String filterChainReason,
      @Schema(description = "One for TCP; for HTTP one for each route") List<WayAnswer> ways) {

    EnvoyAnswer {
      ways = List.copyOf(ways);
    }
  }

  /** Where a filter sends what it took. */
  @Schema(name = "TraceWay", description = "Where a filter sends what it took.")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WayAnswer(
      @Schema(description = "Which HTTP requests go this way; absent for TCP", example = "/*")
          @Nullable String requests,
      @Schema(description = "The HTTP status that Envoy answers by itself")
          @Nullable Integer status,
      @Schema(example = "inbound:10.0.0.5:5000") @Nullable String cluster,
      @Schema(description = "How the endpoints are found", example = "EDS")
          @Nullable String clusterType,
      @Schema(description = "Where Envoy dials; none: the connection is closed")
          @Nullable List<String> endpoints,
      @Schema(
              description = "The address that Envoy dials from; absent: the kernel chooses",
              example = "127.0.0.6")
          @Nullable String source) {}

  static TraceAnswer of(Trace trace) {
    return new TraceAnswer(
        trace.summary(),
        verdict(trace),
        trace.steps().stream().map(TraceAnswer::step).toList(),
        trace.envoy().map(TraceAnswer::envoy).orElse(null),
        trace.next().map(TraceAnswer::of).orElse(null),
        trace.assumptions());
  }

  private static VerdictAnswer verdict(Trace trace) {
    String setting = trace.cause().map(TraceAnswer::setting).orElse(null);
    String origin = trace.cause().flatMap(Consulted::origin).orElse(null);
    return switch (trace.verdict()) {
      case Verdict.Untouched() ->
          new VerdictAnswer("untouched", null, null, trace.because(), setting, origin);
      case Verdict.Dropped() ->
          new VerdictAnswer("dropped", null, null, trace.because(), setting, origin);
      case Verdict.Redirected(Verdict.Redirection to, int port) ->
          new VerdictAnswer("redirected", lower(to), port, trace.because(), setting, origin);
    };
  }

  private static StepAnswer step(Step step) {
    return new StepAnswer(
        step.hook().name(),
        lower(step.table()),
        step.skipped().orElse(null),
        step.rules().stream().map(TraceAnswer::rule).toList());
  }

  private static RuleAnswer rule(Consulted rule) {
    return new RuleAnswer(
        rule.chain().name(),
        rule.number(),
        RulesWriter.text(rule.rule()),
        rule.matched(),
        rule.failed().map(RulesWriter::text).orElse(null),
        rule.rule().reason(),
        setting(rule),
        rule.origin().orElse(null));
  }

  private static @Nullable String setting(Consulted rule) {
    return rule.rule().setting().isEmpty() ? null : rule.rule().setting();
  }

  private static EnvoyAnswer envoy(EnvoyPath path) {
    return new EnvoyAnswer(
        path.listener().name(),
        path.listener().address().toString(),
        path.listener().why(),
        path.listener().catchAll().orElse(null),
        path.filterChain().name().isEmpty() ? null : path.filterChain().name(),
        path.filterChain().why(),
        path.ways().stream().map(TraceAnswer::way).toList());
  }

  private static WayAnswer way(Way way) {
    String requests = way.request().orElse(null);
    return switch (way) {
      case Way.Answered answered ->
          new WayAnswer(requests, answered.status(), null, null, null, null);
      case Way.ToCluster to ->
          new WayAnswer(
              requests,
              null,
              to.cluster(),
              to.clusterType(),
              to.endpoints(),
              to.source().orElse(null));
    };
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
