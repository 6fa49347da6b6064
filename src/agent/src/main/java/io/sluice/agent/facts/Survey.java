package io.sluice.agent.facts;

import io.sluice.agent.firewall.Backend;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a host's facts. What takes a process to find out is kept until it may have changed, so that
 * most looks read some files under /proc and /etc and no more. Not for several threads at once.
 */
public final class Survey {

  private static final long RULES_NANOS = 300_000_000_000L;
  private static final Pattern VERSION = Pattern.compile("(?i)version ([0-9][!-~]{0,31})");
  private static final List<Path> DNSMASQ =
      List.of(
          Path.of("/usr/sbin/dnsmasq"),
          Path.of("/usr/local/sbin/dnsmasq"),
          Path.of("/usr/bin/dnsmasq"));

  private final Backend backend;
  private final SshPorts ssh = new SshPorts();
  private @Nullable ForeignRules rules;
  private long rulesReadAt;
  private long dnsmasqTime = -1;
  private Optional<String> dnsmasq = Optional.empty();

  /** Of a host whose rules go to this backend. */
  public Survey(Backend backend) {
    this.backend = backend;
  }

  /** Has the rules read anew by the next look: somebody may have changed them. */
  public void rulesMayHaveChanged() {
    rules = null;
  }

  /** The facts now. */
  public HostFacts take() throws IOException {
    TreeMap<String, String> values = new TreeMap<>();
    Interfaces interfaces = Interfaces.ofHost();
    ForeignRules foreign = foreign();
    values.put("format", "1");
    values.put("backend", backend.text());
    values.put("backends.populated", HostFacts.list(foreign.populated()));
    values.put("ipv6", Boolean.toString(Interfaces.hasIpv6()));
    values.put("sshd.ports", HostFacts.list(ssh.find()));
    values.put("dns.servers", HostFacts.list(NameServers.ofHost()));
    resolver().ifPresent(version -> values.put("resolver", version));
    values.put("interfaces", HostFacts.list(interfaces.names()));
    values.put("addresses", HostFacts.list(interfaces.addresses()));
    values.put("foreign", HostFacts.list(foreign.programs()));
    values.put("foreign.rules", Integer.toString(foreign.count()));
    return new HostFacts(values);
  }

  private ForeignRules foreign() throws IOException {
    ForeignRules known = rules;
    if (known == null || System.nanoTime() - rulesReadAt > RULES_NANOS) {
      known = ForeignRules.ofHost();
      rules = known;
      rulesReadAt = System.nanoTime();
    }
    return known;
  }

  /** The resolver that the agent can run, with its version. */
  private Optional<String> resolver() throws IOException {
    Optional<Path> program = DNSMASQ.stream().filter(Files::isExecutable).findFirst();
    long time = program.isEmpty() ? 0 : Files.getLastModifiedTime(program.get()).toMillis();
    if (time != dnsmasqTime) {
      dnsmasqTime = time;
      dnsmasq = Optional.empty();
      if (program.isPresent()) {
        Matcher version =
            VERSION.matcher(Command.run(List.of(program.get().toString(), "--version")).out());
        dnsmasq = version.find() ? Optional.of("dnsmasq " + version.group(1)) : Optional.empty();
      }
    }
    return dnsmasq;
  }
}
