package io.sluice.agent.doctor;

import io.sluice.agent.bundle.Settings;
import io.sluice.agent.facts.ForeignRules;
import io.sluice.agent.facts.ListeningSockets;
import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the host must have and what is in the way. */
final class HostChecks {

  private static final String SETUP = "sluice-agent setup";
  private static final Set<Integer> USUAL_PORTS = Set.of(15_001, 15_006, 15_053);

  private final Optional<Settings> settings;
  private final Dnsmasq dnsmasq;
  private final Upstreams upstreams;

  HostChecks(Optional<Settings> settings, Dnsmasq dnsmasq, Upstreams upstreams) {
    this.settings = settings;
    this.dnsmasq = dnsmasq;
    this.upstreams = upstreams;
  }

  List<Finding> findings() throws IOException {
    return List.of(programs(), accounts(), ports(), others(), names(), resolver());
  }

  private static Finding programs() {
    List<String> missing = new ArrayList<>();
    for (String program : List.of("iptables", "ip6tables", "ip", "setpriv", "setsid", "unshare")) {
      if (!Command.exists(program)) {
        missing.add(program);
      }
    }
    if (!missing.isEmpty()) {
      return Finding.wrong(
          "programs",
          "missing: " + String.join(", ", missing),
          "install iptables, iproute2 and util-linux");
    }
    return Command.exists("nft")
        ? Finding.ok("programs", "all are there")
        : Finding.warning(
            "programs",
            "no nft: changes of rules by others are seen within 10 s only",
            "install nftables");
  }

  private static Finding accounts() throws IOException {
    Optional<Long> group = Accounts.group(Accounts.GROUP);
    Optional<Accounts.User> user = Accounts.user(Accounts.PROXY_USER);
    if (group.isEmpty()) {
      return Finding.wrong("accounts", "there is no group " + Accounts.GROUP, SETUP);
    }
    if (user.isEmpty()) {
      return Finding.wrong("accounts", "there is no user " + Accounts.PROXY_USER, SETUP);
    }
    return user.get().gid() == group.get() && user.get().uid() != 0
        ? Finding.ok("accounts", "group " + Accounts.GROUP + ", user " + Accounts.PROXY_USER)
        : Finding.wrong(
            "accounts",
            Accounts.GROUP + " is not the primary group of " + Accounts.PROXY_USER,
            SETUP);
  }

  private Finding ports() throws IOException {
    Set<Integer> ours = settings.map(HostChecks::ports).orElse(USUAL_PORTS);
    Map<Integer, String> taken = new TreeMap<>();
    for (Map.Entry<Integer, ListeningSockets.Owner> listening :
        ListeningSockets.of(program -> true).entrySet()) {
      if (ours.contains(listening.getKey()) && !isOurs(listening.getValue())) {
        ListeningSockets.Owner owner = listening.getValue();
        taken.put(
            listening.getKey(),
            listening.getKey() + " by " + owner.program() + " (pid " + owner.pid() + ")");
      }
    }
    return taken.isEmpty()
        ? Finding.ok("ports", new TreeSet<>(ours) + " are free or ours")
        : Finding.wrong(
            "ports",
            "taken: " + String.join(", ", taken.values()),
            "end that program, or choose other redirect ports");
  }

  private static Set<Integer> ports(Settings settings) {
    return settings.mode() == Settings.Mode.IPTABLES ? settings.ruleTargets() : Set.of();
  }

  /** What has our group is ours: Envoy, the resolver, the agent. */
  private static boolean isOurs(ListeningSockets.Owner owner) throws IOException {
    Optional<Long> group = Accounts.group(Accounts.GROUP);
    String status =
        HostFiles.text(Path.of("/proc", Long.toString(owner.pid()), "status")).orElse("");
    return group.isPresent()
        && status
            .lines()
            .anyMatch(line -> line.matches("Gid:\\s+\\d+\\s+" + group.get() + "\\s.*"));
  }

  private static Finding others() throws IOException {
    ForeignRules rules = ForeignRules.ofHost();
    String seen = rules.count() + " rules of others";
    if (rules.programs().isEmpty()) {
      return Finding.ok("others", seen);
    }
    String names = String.join(", ", rules.programs());
    Set<String> rivals = new TreeSet<>(rules.programs());
    rivals.retainAll(Set.of("istio", "kuma"));
    if (!rivals.isEmpty()) {
      return Finding.wrong(
          "others",
          String.join(", ", rivals) + " redirects this host's traffic too",
          "uninstall its redirection: one of them would take what the other should");
    }
    if (rules.programs().contains("firewalld")) {
      return Finding.warning(
          "others",
          seen + ", also of " + names,
          "firewalld drops others' rules when it reloads; ours are put back if drift is repair");
    }
    return Finding.ok("others", seen + ", also of " + names);
  }

  private Finding names() throws IOException {
    List<String> real = upstreams.servers();
    if (real.isEmpty()) {
      return upstreams.leadToResolved()
          ? Finding.wrong(
              "names",
              "/etc/resolv.conf leads to systemd-resolved, which has no servers",
              "resolvectl status; systemctl restart systemd-resolved")
          : Finding.warning(
              "names", "/etc/resolv.conf names no server", "names can't be captured without one");
    }
    String servers = String.join(", ", real);
    return Finding.ok(
        "names", upstreams.leadToResolved() ? "systemd-resolved, which asks " + servers : servers);
  }

  private Finding resolver() throws IOException {
    Optional<String> lacking = dnsmasq.lacking();
    if (lacking.isEmpty()) {
      return Finding.ok("resolver", dnsmasq.version().orElse("dnsmasq"));
    }
    boolean captured = settings.flatMap(Settings::dns).isPresent();
    return captured
        ? Finding.wrong("resolver", "DNS is captured, and nothing can answer", lacking.get())
        : Finding.warning("resolver", "DNS can't be captured", lacking.get());
  }
}
