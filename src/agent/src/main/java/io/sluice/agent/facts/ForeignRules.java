package io.sluice.agent.facts;

import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The rules of others on this host.
 *
 * @param populated the backends that hold rules of others, as {@link Backend#text} spells them
 * @param programs who is known by the names of chains and tables
 * @param count rules that iptables shows, in all tables, families and backends
 */
public record ForeignRules(Set<String> populated, Set<String> programs, int count) {

  private static final Map<String, Pattern> CHAINS =
      Map.ofEntries(
          Map.entry("calico", Pattern.compile("cali-.*")),
          Map.entry("cilium", Pattern.compile("(OLD_)?CILIUM_.*")),
          Map.entry("docker", Pattern.compile("DOCKER.*")),
          Map.entry("fail2ban", Pattern.compile("f2b-.*")),
          Map.entry(
              "firewalld", Pattern.compile("(IN|FWD|PRE|POST)[A-Z]*_(ZONES.*|public.*|direct)")),
          Map.entry("istio", Pattern.compile("ISTIO_.*")),
          Map.entry("kube", Pattern.compile("KUBE-.*")),
          Map.entry("kuma", Pattern.compile("(KUMA_)?MESH_.*|KUMA_.*")),
          Map.entry("libvirt", Pattern.compile("LIBVIRT_.*")),
          Map.entry("podman", Pattern.compile("NETAVARK.*|CNI-.*")),
          Map.entry("ufw", Pattern.compile("ufw6?-.*")));

  private static final Map<String, String> TABLES =
      Map.of("firewalld", "firewalld", "kube-proxy", "kube", "netavark", "podman");

  private static final String OURS = "SLUICE_";
  private static final Pattern TO_US = Pattern.compile(".* -[jg] SLUICE_[A-Z0-9_a-z]+( .*)?");

  /** Reads all rules, which takes some processes. */
  public static ForeignRules ofHost() throws IOException {
    TreeSet<String> populated = new TreeSet<>();
    TreeSet<String> programs = new TreeSet<>();
    int count = 0;
    for (Backend backend : Backend.values()) {
      for (IpFamily family : IpFamily.values()) {
        int rules = backend.populated(family) ? read(backend.show(family), programs) : 0;
        count += rules;
        if (rules > 0) {
          populated.add(backend.text());
        }
      }
    }
    if (Command.exists("nft")) {
      for (String line : Command.run(List.of("nft", "list", "tables")).out().split("\n", -1)) {
        String program = TABLES.get(line.substring(line.lastIndexOf(' ') + 1));
        if (program != null) {
          programs.add(program);
        }
      }
    }
    return new ForeignRules(populated, programs, count);
  }

  private static int read(String saved, Set<String> programs) {
    int rules = 0;
    for (String line : saved.split("\n", -1)) {
      if (line.startsWith(":") && !line.startsWith(":" + OURS)) {
        String chain = line.substring(1).split(" ", 2)[0];
        CHAINS.forEach(
            (program, names) -> {
              if (names.matcher(chain).matches()) {
                programs.add(program);
              }
            });
      } else if (line.startsWith("-A ") && !line.startsWith("-A " + OURS)) {
        rules += TO_US.matcher(line).matches() ? 0 : 1;
      }
    }
    return rules;
  }
}
