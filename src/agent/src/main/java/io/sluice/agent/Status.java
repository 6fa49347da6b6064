package io.sluice.agent;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.firewall.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A host's status in the words of docs/agent-protocol.md. */
final class Status {

  private Status() {}

  /** It as one moment has it; the host's lock is held. */
  static Map<String, String> of(Host host, Backend backend) {
    Map<String, String> values = new TreeMap<>();
    host.applied().map(Digest::hex).ifPresent(digest -> values.put("applied", digest));
    host.rejection()
        .ifPresent(
            rejection -> {
              values.put("rejected", rejection.digest().hex());
              values.put("rejected.reason", rejection.reason());
            });
    boolean any = host.envoy().pid().isPresent();
    values.put("state", host.phase().text());
    values.put("agent.version", Version.text());
    host.envoy().version().ifPresent(version -> values.put("envoy.version", version));
    values.put("envoy.state", envoyState(host, any));
    host.mode().map(Settings.Mode::text).ifPresent(mode -> values.put("mode", mode));
    values.put("host.name", kernel("hostname"));
    values.put("host.kernel", kernel("osrelease"));
    values.put("host.backend", backend.text());
    return values;
  }

  private static String envoyState(Host host, boolean runs) {
    if (!runs) {
      return host.applied().isPresent() ? "down" : "absent";
    }
    return host.envoy().isLive() ? "live" : "starting";
  }

  static String kernel(String name) {
    try {
      return Files.readString(Path.of("/proc/sys/kernel", name)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
