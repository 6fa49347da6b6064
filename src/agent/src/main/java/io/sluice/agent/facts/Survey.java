package io.sluice.agent.facts;

import io.sluice.agent.firewall.Backend;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads a host's facts. What takes a process to find out is kept until it may have changed, so that
 * most looks read some files under /proc and /etc and no more. Not for several threads at once, but
 * {@link #rulesMayHaveChanged}.
 */
public final class Survey {

  private static final long RULES_NANOS = 300_000_000_000L;

  private final Backend backend;
  private final Dnsmasq dnsmasq;
  private final Upstreams upstreams;
  private final SshPorts ssh = new SshPorts();
  private final AtomicBoolean rulesChanged = new AtomicBoolean();
  private @Nullable ForeignRules rules;
  private long rulesReadAt;

  /**
   * Of a host whose rules go to this backend.
   *
   * @param dnsmasq what would answer captured questions
   * @param upstreams whom the host's programs ask now
   */
  public Survey(Backend backend, Dnsmasq dnsmasq, Upstreams upstreams) {
    this.backend = backend;
    this.dnsmasq = dnsmasq;
    this.upstreams = upstreams;
  }

  /**
   * Has the rules read anew by the next look: somebody may have changed them. Any thread may say
   * so, and waits for nothing.
   */
  public void rulesMayHaveChanged() {
    rulesChanged.set(true);
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
    values.put("dns.servers", HostFacts.list(upstreams.addresses()));
    dnsmasq.version().ifPresent(version -> values.put("resolver", version));
    values.put("interfaces", HostFacts.list(interfaces.names()));
    values.put("addresses", HostFacts.list(interfaces.addresses()));
    values.put("foreign", HostFacts.list(foreign.programs()));
    values.put("foreign.rules", Integer.toString(foreign.count()));
    return new HostFacts(values);
  }

  private ForeignRules foreign() throws IOException {
    if (rulesChanged.getAndSet(false)) {
      rules = null;
    }
    ForeignRules known = rules;
    if (known == null || System.nanoTime() - rulesReadAt > RULES_NANOS) {
      known = ForeignRules.ofHost();
      rules = known;
      rulesReadAt = System.nanoTime();
    }
    return known;
  }
}
