package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel's rules: reads them, tests and switches ours. */
public final class Firewall {

  private static final String CHANGED_AT_ONCE = "changed before they could be read\n";

  private final Backend backend;
  private final String owner;
  private final Ledger ledger;
  private final Loopback loopback;
  private final OwnPrograms own;
  private final RulesetGeneration generation = new RulesetGeneration();
  private final Map<IpFamily, Seen> seen = new ConcurrentHashMap<>();
  private volatile long seenAt = System.nanoTime();

  /**
   * The firewall of this network namespace.
   *
   * @param owner the mark of this agent, 12 hex digits
   */
  public Firewall(Backend backend, String owner, Ledger ledger) {
    this.backend = backend;
    this.owner = owner;
    this.ledger = ledger;
    this.loopback = new Loopback(ledger);
    this.own = new OwnPrograms(backend);
  }

  /** Rules that were understood, and what stood before them. */
  public static final class Plan {
    private final Map<IpFamily, String> sources = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Rules> wanted = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, LiveRules> before = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, LiveRules> after = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Rules> changed = new EnumMap<>(IpFamily.class);
    private final java.util.Set<IpFamily> due = java.util.EnumSet.noneOf(IpFamily.class);
    private final java.util.Set<IpFamily> unnoted = java.util.EnumSet.noneOf(IpFamily.class);
    private Optional<Loading> loading = Optional.empty();
    private Optional<Map<String, String>> noted = Optional.empty();

    /** The families that it has rules for. */
    public java.util.Set<IpFamily> families() {
      return wanted.keySet();
    }
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
   * @throws RefusedException if they are not what a bundle may have, or another agent's rules stand
   *     here
   */
  public Plan plan(Map<IpFamily, byte[]> texts, java.util.Set<Integer> redirectPorts)
      throws IOException, RefusedException {
    refuseWithoutPrograms(texts);
    Plan plan = new Plan();
    for (Map.Entry<IpFamily, byte[]> text : texts.entrySet()) {
      if (IpFamily.V6 == text.getKey() && !Loopback.hasIpv6()) {
        continue;
      }
      plan.wanted.put(text.getKey(), understood(text.getValue(), redirectPorts));
      plan.sources.put(text.getKey(), Ledger.digest(text.getValue()));
    }
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      refuseForeignOwner(live);
      plan.before.put(family, live);
    }
    return plan;
  }

  /**
   * Lets the kernel test the rules of a plan; changes nothing.
   *
   * @throws RefusedException if the kernel can't take them
   * @throws IOException if that can't be found out now
   */
  public void test(Plan plan, RulePrograms programs) throws IOException, RefusedException {
    for (IpFamily family : plan.sources.keySet()) {
      if (!stands(plan, family)) {
        Command.Result tested = programs.test(family, transaction(plan, family));
        if (isOfTheMoment(tested)) {
          throw new IOException("the rules could not be tested: " + tested.complaint());
        }
        if (!tested.ok()) {
          throw new RefusedException(
              "the kernel can't take the IP" + family.text() + " rules: " + tested.complaint());
        }
      }
    }
  }

  private Rules understood(byte[] text, java.util.Set<Integer> redirectPorts)
      throws RefusedException {
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
  public List<Preview> preview(Map<IpFamily, byte[]> texts, java.util.Set<Integer> redirectPorts)
      throws IOException, RefusedException {
    refuseWithoutPrograms(texts);
    List<Preview> previews = new java.util.ArrayList<>();
    for (IpFamily family : families()) {
      String saved = backend.populated(family) ? backend.show(family) : "";
      LiveRules live = LiveRules.parse(saved);
      byte[] text = texts.get(family);
      if (text != null) {
        refuseForeignOwner(live);
      }
      Rules wanted = text == null ? Rules.none() : understood(text, redirectPorts);
      Rules ours = live.owner().map(owner::equals).orElse(true) ? live.ours() : Rules.none();
      previews.add(new Preview(family, saved, Transaction.between(ours, wanted)));
    }
    return previews;
  }

  /**
   * A plan that only takes the jumps out: nothing is captured any more, and connections that were
   * go on until {@link #remove}.
   */
  public Plan planRelease() throws IOException, RefusedException {
    Plan plan = new Plan();
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      refuseForeignOwner(live);
      plan.before.put(family, live);
      plan.wanted.put(family, live.ours().withoutJumps());
    }
    return plan;
  }

  /** The programs that load rules, by family. */
  public Map<IpFamily, String> loaders() {
    Map<IpFamily, String> programs = new EnumMap<>(IpFamily.class);
    families().forEach(family -> programs.put(family, backend.restore(family)));
    return programs;
  }

  /**
   * What takes the jumps of installed rules out and puts them in again, for each table of each
   * family by itself: {@code out.v4.nat}, {@code in.v4.nat}, and {@code in.v4.nat.appended} for a
   * chain in which others' rules have moved meanwhile; {@code one.v4.nat.0} and so on take out one
   * jump each, for a table in which somebody has removed another one.
   */
  public Map<String, String> jumps(Plan plan) {
    Map<String, String> files = new TreeMap<>();
    for (IpFamily family : plan.wanted.keySet()) {
      Rules standing = plan.after.getOrDefault(family, before(plan, family)).ours();
      for (String table : standing.tables().keySet()) {
        Rules ours = standing.only(table);
        if (!ours.table(table).jumps().isEmpty()) {
          String unit = family.text() + '.' + table;
          files.put("out." + unit, Transaction.withoutJumps(ours));
          Rules out = ours.released();
          files.put("in." + unit, Transaction.between(out, ours));
          files.put("in." + unit + ".appended", Transaction.between(out, ours.placeless()));
          int number = 0;
          for (Rules jump : ours.eachJump()) {
            files.put("one." + unit + '.' + number++, Transaction.withoutJumps(jump));
          }
        }
      }
    }
    return files;
  }

  /**
   * What leads from a plan's rules back to those that stood before it, for each table of each
   * family by itself: {@code v4.nat}, and {@code v4.nat.appended} for a chain in which others'
   * rules have moved meanwhile.
   */
  public Map<String, String> wayBack(Plan plan) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (IpFamily family : families()) {
      if (!isDue(plan, family)) {
        continue;
      }
      Rules before = before(plan, family).ours();
      Rules wanted = wanted(plan, family);
      TreeSet<String> tables = new TreeSet<>(before.tables().keySet());
      tables.addAll(wanted.tables().keySet());
      for (String table : tables) {
        String name = family.text() + '.' + table;
        Rules to = before.only(table);
        files.put(name, Transaction.between(wanted.only(table), to));
        files.put(name + ".appended", Transaction.between(wanted.only(table), to.placeless()));
      }
    }
    return files;
  }

  /**
   * Tests, loads and notes planned rules by programs of its own; those that stand already are not
   * touched.
   *
   * @return how many families were changed
   * @throws RefusedException if the kernel refused; everything is then as it was before
   * @throws IOException if it could not be done or noted; everything is then as it was before
   */
  public int install(Plan plan) throws IOException, RefusedException {
    test(plan, own);
    try {
      announce(plan);
      int changed = load(plan, own);
      loaded(plan);
      note(plan);
      return changed;
    } catch (IOException | RefusedException e) {
      undo(plan);
      throw e;
    }
  }

  private boolean isDue(Plan plan, IpFamily family) throws IOException {
    boolean nothing = wanted(plan, family).isEmpty() && before(plan, family).ours().isEmpty();
    return !nothing && !stands(plan, family);
  }

  /**
   * Notes that rules will change, as {@link #load} wants it: rules must never stand of which the
   * ledger knows nothing. From here on they are to be noted or undone.
   */
  public void announce(Plan plan) throws IOException {
    for (IpFamily family : families()) {
      if (isDue(plan, family)) {
        plan.due.add(family);
      }
    }
    plan.noted = Optional.of(ledger.snapshot());
    if (!plan.due.isEmpty()) {
      ledger.backend(backend.text());
      plan.due.forEach(ledger::forget);
      for (IpFamily family : plan.due) {
        ledger.created(family, missing(wanted(plan, family), before(plan, family)));
      }
      ledger.write();
    }
  }

  /**
   * Loads announced rules; those that stand already are not touched. The last program may still run
   * when this returns: with nf_tables the kernel lets it end only when it has cleaned up, long
   * after the rules are in.
   *
   * @return how many families are changed
   * @throws RefusedException if the kernel refuses
   * @see #loaded
   */
  public int load(Plan plan, RulePrograms programs) throws IOException, RefusedException {
    if (plan.sources.containsKey(IpFamily.V6)) {
      loopback.add();
    }
    for (IpFamily family : plan.due) {
      loaded(plan);
      plan.changed.put(family, before(plan, family).ours());
      plan.unnoted.add(family);
      String transaction = transaction(plan, family);
      OptionalLong at = changes();
      plan.loading = Optional.of(new Loading(family, programs.load(family, transaction)));
      awaitChanges(at, Transaction.tables(transaction), plan.loading.get().program());
    }
    return plan.due.size();
  }

  /**
   * Waits until the rules are loaded.
   *
   * @throws RefusedException if the kernel has refused them
   */
  public void loaded(Plan plan) throws IOException, RefusedException {
    if (plan.loading.isPresent()) {
      Loading last = plan.loading.get();
      plan.loading = Optional.empty();
      Command.Result result = last.program().result();
      if (!result.ok()) {
        throw refusal(plan, last.family(), result);
      }
    }
  }

  /** Waits until so many transactions were made, or the program has ended. */
  private void awaitChanges(OptionalLong from, int count, RulePrograms.Loading program)
      throws IOException {
    while (!program.isOver()) {
      OptionalLong now = changes();
      if (from.isEmpty() || now.isEmpty()) {
        program.result();
      } else if (now.getAsLong() - from.getAsLong() >= count) {
        return;
      } else {
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Notes what the kernel shows of the rules that were loaded: they are no drift. */
  public void note(Plan plan) throws IOException {
    long asked = System.nanoTime();
    if (!plan.unnoted.isEmpty()) {
      boolean asLoaded = true;
      for (IpFamily family : plan.unnoted) {
        asLoaded &= record(plan, family);
      }
      ledger.write();
      plan.unnoted.clear();
      if (asLoaded) {
        seenAt = asked;
      }
    }
  }

  /**
   * Why rules that the kernel took when they were tested were not loaded.
   *
   * @throws IOException if that was for the moment: the program was ended, the lock was taken, or
   *     somebody else has changed the rules since
   */
  private RefusedException refusal(Plan plan, IpFamily family, Command.Result result)
      throws IOException {
    String complaint = "the IP" + family.text() + " rules were not loaded: " + result.complaint();
    if (isOfTheMoment(result)) {
      throw new IOException(complaint);
    }
    for (IpFamily any : families()) {
      LiveRules before = before(plan, any);
      LiveRules now = live(any);
      if (!now.others().equals(before.others()) || now.ours().jumpsMovedSince(before.ours())) {
        throw new IOException("somebody else has changed the rules meanwhile; " + complaint);
      }
    }
    return new RefusedException(complaint);
  }

  private static boolean isOfTheMoment(Command.Result result) {
    return result.status() > 128 || result.err().contains("xtables lock");
  }

  /** Puts back what a plan changed, if it changed anything. */
  public void undo(Plan plan) throws IOException {
    if (plan.loading.isPresent()) {
      plan.loading.get().program().result();
      plan.loading = Optional.empty();
    }
    plan.unnoted.clear();
    putBack(plan.changed);
    plan.changed.clear();
    if (plan.noted.isPresent()) {
      Map<String, String> noted = new TreeMap<>(plan.noted.get());
      plan.noted = Optional.empty();
      if (ledger.addedLoopback()) {
        noted.put(Ledger.LOOPBACK, Ledger.ADDED);
      } else {
        noted.remove(Ledger.LOOPBACK);
      }
      ledger.restore(noted);
    }
  }

  /** Whether the rules that were installed last stand unchanged. */
  public boolean intact() throws IOException {
    return deviations().isEmpty();
  }

  /** Where rules differ from what the kernel showed after they were installed last. */
  public List<Deviation> deviations() throws IOException {
    long asked = System.nanoTime();
    List<Deviation> deviations = new java.util.ArrayList<>();
    for (IpFamily family : families()) {
      Optional<String> expected = ledger.standing(family);
      if (expected.isPresent()) {
        LiveRules live = live(family);
        if (!expected.get().equals(fingerprint(live))) {
          deviations.add(new Deviation(family, baseline(family), live.extract()));
        }
      }
    }
    if (deviations.isEmpty()) {
      seenAt = asked;
    }
    return deviations;
  }

  private Optional<String> baseline(IpFamily family) throws IOException {
    return ledger.baseline(family).filter(text -> !text.equals(CHANGED_AT_ONCE));
  }

  /** When the kernel was last asked and showed what was installed, by {@link System#nanoTime}. */
  public long seenAt() {
    return seenAt;
  }

  /** Whether this agent has installed anything, as its state folder knows. */
  public boolean engaged() {
    return !ledger.isEmpty();
  }

  /** The mark of another agent whose rules stand here, if there is one. */
  public Optional<String> otherOwner() throws IOException {
    for (IpFamily family : families()) {
      Optional<String> other = live(family).owner().filter(mark -> !mark.equals(owner));
      if (other.isPresent()) {
        return other;
      }
    }
    return Optional.empty();
  }

  /** Whether rules of ours, in whatever state, stand here. */
  public boolean anyStands() throws IOException {
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      if (!live.ours().isEmpty() && live.owner().map(owner::equals).orElse(true)) {
        return true;
      }
    }
    return false;
  }

  /** Whether rules of any agent of ours stand here. */
  public boolean anyOfUs() throws IOException {
    for (IpFamily family : families()) {
      if (!live(family).ours().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Takes the jumps out, so that nothing is captured any more. */
  public void release(boolean force) throws IOException, RefusedException {
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      if (!force) {
        refuseForeignOwner(live);
      }
      apply(family, Transaction.withoutJumps(live.ours()));
    }
  }

  /** Removes all that is ours, and the tables and the address that exist because of us. */
  public void remove(boolean force) throws IOException, RefusedException {
    for (IpFamily family : families()) {
      LiveRules live = live(family);
      if (!force) {
        refuseForeignOwner(live);
      }
      apply(family, Transaction.between(live.ours(), Rules.none()));
      if (backend == Backend.NF_TABLES) {
        dropTables(family);
      }
    }
    loopback.remove();
    ledger.clear();
  }

  /** What {@link #remove} would do, one line an action. */
  public List<String> removal() throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    for (IpFamily family : families()) {
      String text = Transaction.between(live(family).ours(), Rules.none());
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

  private void dropTables(IpFamily family) throws IOException {
    LiveRules live = live(family);
    for (String table : ledger.created(family)) {
      boolean empty = !live.foreign().contains(table) && !live.ours().tables().containsKey(table);
      if (live.present().contains(table) && empty && Command.exists("nft")) {
        List<String> list = List.of("nft", "list", "table", family.nftFamily(), table);
        // Only what an empty table shows: its name and its hooks.
        if (Command.run(list).out().lines().map(String::strip).allMatch(Firewall::isBare)) {
          Command.run(List.of("nft", "delete", "table", family.nftFamily(), table));
        }
      }
    }
  }

  private static boolean isBare(String line) {
    return line.isEmpty()
        || line.equals("}")
        || line.startsWith("#")
        || line.matches("table ip6? [a-z]+ \\{")
        || line.matches("chain (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) \\{")
        || line.matches("type [a-z]+ hook [a-z]+ priority [a-z0-9-]+; policy accept;");
  }

  private static java.util.Set<String> missing(Rules wanted, LiveRules before) {
    TreeSet<String> tables = new TreeSet<>(wanted.tables().keySet());
    tables.removeAll(before.present());
    return tables;
  }

  private boolean stands(Plan plan, IpFamily family) throws IOException {
    return ledger.source(family).equals(Optional.ofNullable(plan.sources.get(family)))
        && ledger.standing(family).equals(Optional.of(fingerprint(before(plan, family))));
  }

  private static String fingerprint(LiveRules live) {
    return Ledger.digest(live.extract().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Whether the kernel shows what was loaded. */
  private boolean record(Plan plan, IpFamily family) throws IOException {
    String source = plan.sources.get(family);
    if (source == null) {
      ledger.forget(family);
      return true;
    }
    LiveRules live = live(family);
    plan.after.put(family, live);
    // What somebody else has changed already must not become what is expected.
    boolean asLoaded = live.ours().shape().equals(wanted(plan, family).shape());
    ledger.installed(family, source, asLoaded ? live.extract() : CHANGED_AT_ONCE);
    return asLoaded;
  }

  private void putBack(Map<IpFamily, Rules> before) throws IOException {
    for (Map.Entry<IpFamily, Rules> entry : before.entrySet()) {
      IpFamily family = entry.getKey();
      apply(family, Transaction.between(live(family).ours(), entry.getValue()));
      if (backend == Backend.NF_TABLES && entry.getValue().isEmpty()) {
        dropTables(family);
      }
    }
    if (!anyStands()) {
      loopback.remove();
    }
  }

  private static String transaction(Plan plan, IpFamily family) {
    return Transaction.between(before(plan, family).ours(), wanted(plan, family));
  }

  private static Rules wanted(Plan plan, IpFamily family) {
    return plan.wanted.getOrDefault(family, Rules.none());
  }

  private static LiveRules before(Plan plan, IpFamily family) {
    return java.util.Objects.requireNonNull(plan.before.get(family));
  }

  private void refuseForeignOwner(LiveRules live) throws RefusedException {
    Optional<String> other = live.owner().filter(mark -> !mark.equals(owner));
    if (other.isPresent()) {
      throw new RefusedException(
          "another agent's rules stand in this network namespace (mark "
              + other.get()
              + ", ours is "
              + owner
              + "): one transparent dataplane a network namespace; to remove them run"
              + " sluice-agent uninstall there, or here with --force");
    }
  }

  private List<IpFamily> families() {
    return Loopback.hasIpv6() ? List.of(IpFamily.V4, IpFamily.V6) : List.of(IpFamily.V4);
  }

  /** What stands; asked anew unless the kernel says that nothing has changed since. */
  private LiveRules live(IpFamily family) throws IOException {
    OptionalLong at = changes();
    Seen before = seen.get(family);
    if (before != null && at.equals(OptionalLong.of(before.generation))) {
      return before.rules;
    }
    Command.Result saved = Command.run(List.of(backend.save(family)));
    if (!saved.ok()) {
      throw new IOException(backend.save(family) + ": " + saved.complaint());
    }
    LiveRules rules = LiveRules.parse(saved.out());
    if (at.isPresent() && at.equals(changes())) {
      seen.put(family, new Seen(at.getAsLong(), rules));
    } else {
      seen.remove(family);
    }
    return rules;
  }

  /** How often rules were changed in this network namespace; empty where nobody counts it. */
  public OptionalLong changes() {
    return backend == Backend.NF_TABLES ? generation.now() : OptionalLong.empty();
  }

  private record Loading(IpFamily family, RulePrograms.Loading program) {}

  /** What the kernel told at a generation of its rules. */
  private record Seen(long generation, LiveRules rules) {}

  private void apply(IpFamily family, String transaction) throws IOException {
    if (!transaction.isEmpty()) {
      Command.Result result = own.load(family, transaction).result();
      if (!result.ok()) {
        throw new IOException(backend.restore(family) + ": " + result.complaint());
      }
    }
  }
}
