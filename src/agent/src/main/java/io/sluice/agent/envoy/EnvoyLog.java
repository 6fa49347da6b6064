package io.sluice.agent.envoy;

import io.sluice.agent.host.ProgramLog;
import java.io.IOException;
import java.nio.file.Path;

/** What Envoy writes about itself. */
final class EnvoyLog {

  private final ProgramLog log;

  EnvoyLog(Path state) {
    this.log = new ProgramLog(state.resolve("envoy.log"));
  }

  long size() {
    return log.size();
  }

  /** The last complaint after a position, or the last that was said there. */
  String complaint(long from) {
    String last = "";
    String entry = "";
    for (String line : log.after(from).split("\n", -1)) {
      boolean begins = line.matches("\\[20[^\\]]*\\]\\[\\d+\\]\\[[a-z]+\\].*");
      if (begins) {
        entry = "";
      }
      boolean complains =
          !begins || line.matches("\\[[^\\]]*\\]\\[\\d+\\]\\[(warning|error|critical)\\].*");
      if (complains && (begins || !entry.isEmpty() || last.isEmpty())) {
        entry = entry + ' ' + line.replaceFirst("^(\\[[^\\]]*\\])+ *(\\[source[^\\]]*\\] *)?", "");
        last = entry;
      }
    }
    return last.isBlank() ? "it does not say why" : last.strip();
  }

  void rotate() throws IOException {
    log.rotate();
  }
}
