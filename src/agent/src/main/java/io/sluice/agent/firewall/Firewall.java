package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The kernel's rules in this network namespace: tells what stands of ours, plans switches to
 * others, and removes ours. Not for several threads at once; but {@link #lacking}, {@link #changes}
 * and whose rules stand here any thread may ask meanwhile.
 */
public final class Firewall {

  private final Backend backend;
  private final String owner;
  private final Ledger ledger;
  private final KernelRules kernel;
  private final Standing standing;
  private final CreatedTables tables;
  private final Loopback loopback;

  /**
   * The firewall of this network namespace.
   *
   * @param owner the mark of this agent, 12 hex digits
   */
  public Firewall(Backend backend, String owner, Ledger ledger) {
    this.backend = backend;
    this.owner = owner;
    this.ledger = ledger;
    this.kernel = new KernelRules(backend, owner);
    this.standing = new Standing(kernel, ledger);
    this.tables = new CreatedTables(kernel, ledger);
    this.loopback = new Loopback(ledger);
  }

  /** Why this host can't have rules, with the remedy; empty if it can. */
  public Optional<String> lacking() {
    return Command.exists(backend.restore(IpFamily.V4))
        ? Optional.empty()
        : Optional.of("this host has no iptables: install the package iptables");
  }

  private void refuseWithoutPrograms(Map<IpFamily, byte[]> texts) throws RefusedException {
    Optional<String> lacking = texts.isEmpty() ? Optional.empty() : lacking();
    if (lacking.isPresent()) {
      throw new RefusedException(lacking.get());
    }
  }

  /**
   * Understands rules; changes nothing.
   *
   * @param texts the bundle's rules by family; a family that is absent shall have none
   * @param redirectPorts the only ports that they may redirect to
   * @throws RefusedException if they are not what a bundle may have, or another agent's rules stand
   *     here
   */
  public RuleSwitch plan(Map<IpFamily, byte[]> texts, Set<Integer> redirectPorts)
      throws IOException, RefusedException {
    refuseWithoutPrograms(texts);
    Map<IpFamily, Rules> wanted = new EnumMap<>(IpFamily.class);
    for (IpFamily family : kernel.families()) {
      byte[] text = texts.get(family);
      wanted.put(family, text == null ? Rules.none() : understood(text, redirectPorts));
    }
    List<RulePlan> plans = new ArrayList<>();
    for (Map.Entry<IpFamily, Rules> entry : wanted.entrySet()) {
      IpFamily family = entry.getKey();
      Optional<String> source = Optional.ofNullable(texts.get(family)).map(Ledger::digest);
      LiveRules live = kernel.live(family);
      kernel.refuseAnother(live);
      boolean stands = standing.isOf(source, family, live);
      plans.add(new RulePlan(family, source, live, entry.getValue(), stands));
    }
    return switchBy(plans);
  }

  /**
   * Plans only to take the jumps out: nothing is captured any more, and connections that were go on
   * until {@link #remove}.
   */
  public RuleSwitch planRelease() throws IOException, RefusedException {
    List<RulePlan> plans = new ArrayList<>();
    for (IpFamily family : kernel.families()) {
      LiveRules live = kernel.live(family);
      kernel.refuseAnother(live);
      Rules wanted = live.ours().withoutJumps();
      plans.add(new RulePlan(family, Optional.empty(), live, wanted, false));
    }
    return switchBy(plans);
  }

  private RuleSwitch switchBy(List<RulePlan> plans) {
    return new RuleSwitch(plans, kernel, ledger, standing, tables, loopback);
  }

  private Rules understood(byte[] text, Set<Integer> redirectPorts) throws RefusedException {
    Rules rules = RuleParser.parse(text, redirectPorts);
    rules.tables().computeIfAbsent("nat", ignored -> Rules.Table.empty());
    rules.table("nat").chains().add(LiveRules.OWNER + owner);
    return rules;
  }

  /**
   * What a bundle's rules would change in one family.
   *
   * @param saved what stands now, as {@code iptables-save} shows it
   * @param transaction what would be loaded; empty if nothing
   */
  public record Preview(IpFamily family, String saved, String transaction) {}

  /**
   * What rules would change, without a test of them: with iptables-legacy that makes tables.
   *
   * @throws RefusedException as {@link #plan} does
   */
  public List<Preview> preview(Map<IpFamily, byte[]> texts, Set<Integer> redirectPorts)
      throws IOException, RefusedException {
    refuseWithoutPrograms(texts);
    List<Preview> previews = new ArrayList<>();
    for (IpFamily family : kernel.families()) {
      String saved = backend.populated(family) ? backend.show(family) : "";
      LiveRules live = LiveRules.parse(saved);
      byte[] text = texts.get(family);
      if (text != null) {
        kernel.refuseAnother(live);
      }
      Rules wanted = text == null ? Rules.none() : understood(text, redirectPorts);
      Rules ours = kernel.areOurs(live) ? live.ours() : Rules.none();
      previews.add(new Preview(family, saved, Transaction.between(ours, wanted)));
    }
    return previews;
  }

  /** The programs that load rules, by family. */
  public Map<IpFamily, String> loaders() {
    Map<IpFamily, String> programs = new EnumMap<>(IpFamily.class);
    kernel.families().forEach(family -> programs.put(family, backend.restore(family)));
    return programs;
  }

  /** How often rules were changed in this network namespace; empty where nobody counts it. */
  public OptionalLong changes() {
    return kernel.changes();
  }

  /** Whether the rules that were installed last stand unchanged. */
  public boolean intact() throws IOException {
    return deviations().isEmpty();
  }

  /** Where rules differ from what the kernel showed after they were installed last. */
  public List<Deviation> deviations() throws IOException {
    return standing.deviations();
  }

  /** When the kernel was last asked and showed what was installed, by {@link System#nanoTime}. */
  public long seenAt() {
    return standing.seenAt();
  }

  /** Whether this agent has installed anything, as its state folder knows. */
  public boolean engaged() {
    return !ledger.isEmpty();
  }

  /** The mark of another agent whose rules stand here, if there is one. */
  public Optional<String> otherOwner() throws IOException {
    return kernel.otherOwner();
  }

  /** Whether rules of ours, in whatever state, stand here. */
  public boolean anyStands() throws IOException {
    return kernel.anyStands();
  }

  /** Whether rules of any agent of ours stand here. */
  public boolean anyOfUs() throws IOException {
    return kernel.anyOfUs();
  }

  /**
   * Takes the jumps out, so that nothing is captured any more.
   *
   * @param force also another agent's
   */
  public void release(boolean force) throws IOException, RefusedException {
    for (IpFamily family : kernel.families()) {
      LiveRules live = removable(family, force);
      kernel.load(family, Transaction.withoutJumps(live.ours()));
    }
  }

  /**
   * Removes all that is ours, and the tables and the address that exist because of us.
   *
   * @param force also what is another agent's
   */
  public void remove(boolean force) throws IOException, RefusedException {
    for (IpFamily family : kernel.families()) {
      LiveRules live = removable(family, force);
      kernel.load(family, Transaction.between(live.ours(), Rules.none()));
      tables.drop(family);
    }
    loopback.remove();
    ledger.clear();
  }

  private LiveRules removable(IpFamily family, boolean force) throws IOException, RefusedException {
    LiveRules live = kernel.live(family);
    if (!force) {
      kernel.refuseAnother(live);
    }
    return live;
  }

  /** What {@link #remove} would do, one line an action. */
  public List<String> removal() throws IOException {
    List<String> lines = new ArrayList<>();
    for (IpFamily family : kernel.families()) {
      String text = Transaction.between(kernel.live(family).ours(), Rules.none());
      if (!text.isEmpty()) {
        lines.add(backend.restore(family) + " --noflush:");
        text.lines().forEach(lines::add);
      }
    }
    if (ledger.addedLoopback()) {
      lines.add("ip -6 addr del ::6/128 dev lo");
    }
    return lines;
  }
}
