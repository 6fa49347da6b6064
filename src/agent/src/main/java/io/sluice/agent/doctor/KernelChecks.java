package io.sluice.agent.doctor;

import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.Loopback;
import io.sluice.agent.firewall.ScratchNetwork;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Whether the kernel can redirect: tried in a network namespace that ends with the trial. */
final class KernelChecks {

  private static final Path COUNT = Path.of("/proc/sys/net/netfilter/nf_conntrack_count");
  private static final Path MOST = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");
  private static final Map<String, String> FEATURES = new LinkedHashMap<>();

  static {
    FEATURES.put("owner", "*nat\n-A OUTPUT -m owner --gid-owner 1 -j RETURN\nCOMMIT\n");
    FEATURES.put(
        "conntrack", "*mangle\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n");
    FEATURES.put("redirect", "*nat\n-A OUTPUT -p tcp -j REDIRECT --to-ports 15001\nCOMMIT\n");
    FEATURES.put("zones", "*raw\n-A OUTPUT -p udp -j CT --zone 1\nCOMMIT\n");
    FEATURES.put(
        "multiport", "*nat\n-A OUTPUT -p tcp -m multiport --dports 1,2 -j RETURN\nCOMMIT\n");
    FEATURES.put("comment", "*nat\n-A OUTPUT -m comment --comment a -j RETURN\nCOMMIT\n");
  }

  private final Backend backend;

  KernelChecks(Backend backend) {
    this.backend = backend;
  }

  List<Finding> findings() throws IOException {
    List<Finding> findings = new ArrayList<>();
    if (!ScratchNetwork.available()) {
      findings.add(
          Finding.warning(
              "kernel",
              "its features were not tried: no network namespace can be made",
              "run this as root, outside a confined container"));
    } else {
      for (Map.Entry<String, String> feature : FEATURES.entrySet()) {
        findings.add(feature("kernel." + feature.getKey(), feature.getValue()));
      }
    }
    findings.add(backend());
    findings.add(conntrack());
    return findings;
  }

  private Finding feature(String check, String rules) throws IOException {
    TreeSet<String> complaints = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      if (family == IpFamily.V4 || Loopback.hasIpv6()) {
        Command.Result loaded = ScratchNetwork.load(backend, family, rules);
        if (!loaded.ok()) {
          complaints.add(family.text() + ": " + loaded.complaint());
        }
      }
    }
    return complaints.isEmpty()
        ? Finding.ok(check, "works")
        : Finding.wrong(
            check,
            String.join("; ", complaints),
            "load the kernel's module (xt_owner, xt_conntrack, xt_REDIRECT, xt_CT, xt_multiport,"
                + " xt_comment); on hosts with small kernels install linux-modules-extra");
  }

  private Finding backend() throws IOException {
    TreeSet<String> populated = new TreeSet<>();
    for (Backend each : Backend.values()) {
      for (IpFamily family : IpFamily.values()) {
        if (each.populated(family) && each.show(family).contains("\n-A ")) {
          populated.add(each.text());
        }
      }
    }
    return populated.size() < 2
        ? Finding.ok("backend", backend.text())
        : Finding.warning(
            "backend",
            "rules stand in nf_tables and in iptables-legacy; ours go to " + backend.text(),
            "let all programs use one (update-alternatives --config iptables), or name it by"
                + " --iptables");
  }

  private Finding conntrack() throws IOException {
    for (IpFamily family : IpFamily.values()) {
      for (Backend each : Backend.values()) {
        Optional<String> untracked =
            each.populated(family)
                ? each.show(family)
                    .lines()
                    .filter(line -> line.matches("-A .*(--notrack|-j NOTRACK).*"))
                    .findFirst()
                : Optional.empty();
        if (untracked.isPresent()) {
          return Finding.warning(
              "conntrack",
              "a rule keeps packets from being tracked: " + untracked.get(),
              "untracked connections can't be redirected: narrow the rule, or exclude their ports");
        }
      }
    }
    long count = number(COUNT);
    long most = number(MOST);
    if (most < 0) {
      return Finding.ok("conntrack", "off until rules are applied; only new connections need it");
    }
    return count * 10 < most * 9
        ? Finding.ok("conntrack", count + " of " + most + " entries are in use")
        : Finding.wrong(
            "conntrack",
            count + " of " + most + " entries are in use: new connections will be dropped",
            "sysctl -w net.netfilter.nf_conntrack_max=" + 2 * most);
  }

  private static long number(Path file) throws IOException {
    if (!Files.exists(file)) {
      return -1;
    }
    String text;
    // In one piece: the kernel shows a number from its beginning only.
    try (InputStream in = Files.newInputStream(file)) {
      text = new String(in.readNBytes(32), StandardCharsets.US_ASCII).strip();
    }
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }
}
