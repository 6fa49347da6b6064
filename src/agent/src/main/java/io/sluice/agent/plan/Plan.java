package io.sluice.agent.plan;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.ScratchNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The difference between this host and a bundle, as unified diffs. */
public final class Plan {

  private static final String RULES = "iptables/";

  private final Backend backend;

  /** For a host whose rules go to a backend. */
  public Plan(Backend backend) {
    this.backend = backend;
  }

  /**
   * How rules would change, table by table in the form of {@code iptables-save}. The kernel itself
   * says so: it is given what stands here, and then the change, in a network namespace of its own.
   */
  public List<String> rules(List<Firewall.Preview> previews) throws IOException {
    List<String> diffs = new ArrayList<>();
    boolean scratch = ScratchNetwork.available();
    for (Firewall.Preview preview : previews) {
      if (preview.transaction().isEmpty()) {
        continue;
      }
      Optional<String> after =
          scratch
              ? ScratchNetwork.shown(
                  backend, preview.family(), preview.saved() + preview.transaction())
              : Optional.empty();
      if (after.isEmpty()) {
        // Rules of others may need what only this host's own network has, such as sets.
        diffs.add(
            "# the rules of others can't be loaded elsewhere; what would be loaded, IP"
                + preview.family().text()
                + ":\n"
                + preview.transaction());
        continue;
      }
      Map<String, List<String>> from = tables(preview.saved());
      Map<String, List<String>> to = tables(after.get());
      TreeSet<String> names = new TreeSet<>(from.keySet());
      names.addAll(to.keySet());
      for (String table : names) {
        String name = preview.family().text() + '/' + table;
        String diff =
            UnifiedDiff.of(
                "host/" + name,
                from.getOrDefault(table, List.of()),
                "bundle/" + name,
                to.getOrDefault(table, List.of()));
        if (!diff.isEmpty()) {
          diffs.add(diff);
        }
      }
    }
    return diffs;
  }

  private static Map<String, List<String>> tables(String saved) {
    TreeMap<String, List<String>> tables = new TreeMap<>();
    List<String> table = new ArrayList<>();
    for (String line : saved.split("\n", -1)) {
      if (line.startsWith("*")) {
        table = new ArrayList<>();
        tables.put(line.substring(1), table);
      }
      if (!line.isEmpty() && !line.startsWith("#")) {
        table.add(line.replaceFirst(" \\[\\d+:\\d+\\]$", " [0:0]"));
      }
    }
    // A table without rules does nothing, and the kernel makes one on first use.
    tables.values().removeIf(lines -> lines.stream().allMatch(Plan::isIdle));
    return tables;
  }

  private static boolean isIdle(String line) {
    return line.startsWith("*") || line.equals("COMMIT") || line.matches(":[A-Z]+ ACCEPT .*");
  }

  /** How the other files of a bundle would change. */
  public List<String> files(Optional<Generation> before, Optional<Generation> after)
      throws IOException, RefusedException {
    TreeSet<String> paths = new TreeSet<>();
    before.ifPresent(generation -> paths.addAll(generation.tree().files().keySet()));
    after.ifPresent(generation -> paths.addAll(generation.tree().files().keySet()));
    paths.removeIf(path -> path.startsWith(RULES));
    List<String> diffs = new ArrayList<>();
    for (String path : paths) {
      String diff =
          UnifiedDiff.of("host/" + path, lines(before, path), "bundle/" + path, lines(after, path));
      if (!diff.isEmpty()) {
        diffs.add(diff);
      }
    }
    return diffs;
  }

  private static List<String> lines(Optional<Generation> generation, String path)
      throws IOException, RefusedException {
    Optional<byte[]> content =
        generation.isEmpty() ? Optional.empty() : generation.get().find(path);
    if (content.isEmpty()) {
      return List.of();
    }
    String text = new String(content.get(), StandardCharsets.UTF_8);
    return path.endsWith(".json") ? JsonLines.of(text) : text.lines().toList();
  }
}
