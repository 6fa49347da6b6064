package io.sluice.benchmarks.running;

import java.io.IOException;

/**
 * What a control plane tells to Prometheus.
 *
 * @param text the answer of {@code /metrics}
 */
public record Metrics(String text) {

  /** The first value of a name. */
  public double value(String name) throws IOException {
    return text.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("the control plane tells no " + name));
  }
}
