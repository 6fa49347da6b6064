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
import java.util.TreeMap;

/**
 * The switch from rules that stand to others, as {@link Firewall#plan} understood them: {@link
 * #test}, {@link #announce}, {@link #load}, {@link #loaded}, {@link #note}; after any of them
 * {@link #undo} leads back. {@link #install} is all of it. Not for several threads at once.
 */
public final class RuleSwitch {

  private final List<RulePlan> plans;
  private final KernelRules kernel;
  private final Ledger ledger;
  private final Standing standing;
  private final CreatedTables tables;
  private final Loopback loopback;

  private List<RulePlan> announced = List.of();
  private Optional<Map<String, String>> noted = Optional.empty();
  private final List<RulePlan> changed = new ArrayList<>();
  private Optional<Loading> loading = Optional.empty();
  private final List<RulePlan> unnoted = new ArrayList<>();
  private final Map<IpFamily, LiveRules> shown = new EnumMap<>(IpFamily.class);

  private record Loading(IpFamily family, RulePrograms.Loading program) {}

  RuleSwitch(
      List<RulePlan> plans,
      KernelRules kernel,
      Ledger ledger,
      Standing standing,
      CreatedTables tables,
      Loopback loopback) {
    this.plans = List.copyOf(plans);
    this.kernel = kernel;
    this.ledger = ledger;
    this.standing = standing;
    this.tables = tables;
    this.loopback = loopback;
  }

  /**
   * Tests, loads and notes the rules by programs of this process; those that stand already are not
   * touched.
   *
   * @return how many families were changed
   * @throws RefusedException if the kernel refused; everything is then as it was before
   * @throws IOException if it could not be done or noted; everything is then as it was before
   */
  public int install() throws IOException, RefusedException {
    return install(kernel.programs());
  }

  int install(RulePrograms programs) throws IOException, RefusedException {
    test(programs);
    try {
      announce();
      int families = load(programs);
      loaded();
      note();
      return families;
    } catch (IOException | RefusedException | RuntimeException | Error e) {
      undo();
      throw e;
    }
  }

  /**
   * Lets the kernel test the rules; changes nothing.
   *
   * @throws RefusedException if the kernel can't take them
   * @throws IOException if that can't be found out now
   */
  public void test(RulePrograms programs) throws IOException, RefusedException {
    for (RulePlan plan : plans) {
      if (plan.source().isPresent() && !plan.stands()) {
        Command.Result tested = programs.test(plan.family(), plan.transaction());
        if (isOfTheMoment(tested)) {
          throw new IOException("the rules could not be tested: " + tested.complaint());
        }
        if (!tested.ok()) {
          throw new RefusedException(
              "the kernel can't take the IP"
                  + plan.family().text()
                  + " rules: "
                  + tested.complaint());
        }
      }
    }
  }

  /**
   * What leads back to the rules that stood before, for each table of each family by itself: {@code
   * v4.nat}, and {@code v4.nat.appended} for a chain in which others' rules have moved meanwhile.
   */
  public Map<String, String> wayBack() {
    Map<String, String> files = new TreeMap<>();
    plans.stream().filter(RulePlan::isDue).map(RulePlan::wayBack).forEach(files::putAll);
    return files;
  }

  /**
   * Notes that rules will change, as {@link #load} wants it: rules must never stand of which the
   * ledger knows nothing. From here on they are to be noted or undone.
   */
  public void announce() throws IOException {
    announced = plans.stream().filter(RulePlan::isDue).toList();
    noted = Optional.of(ledger.snapshot());
    if (!announced.isEmpty()) {
      ledger.backend(kernel.backend().text());
      announced.forEach(plan -> ledger.forget(plan.family()));
      for (RulePlan plan : announced) {
        ledger.created(plan.family(), plan.newTables());
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
  public int load(RulePrograms programs) throws IOException, RefusedException {
    if (plans.stream().anyMatch(RuleSwitch::capturesIpv6)) {
      loopback.add();
    }
    for (RulePlan plan : announced) {
      loaded();
      changed.add(plan);
      unnoted.add(plan);
      String transaction = plan.transaction();
      OptionalLong at = kernel.changes();
      RulePrograms.Loading program = programs.load(plan.family(), transaction);
      loading = Optional.of(new Loading(plan.family(), program));
      kernel.awaitChanges(at, Transaction.tables(transaction), program);
    }
    return announced.size();
  }

  private static boolean capturesIpv6(RulePlan plan) {
    return plan.family() == IpFamily.V6 && plan.source().isPresent();
  }

  /**
   * Waits until the rules are loaded.
   *
   * @throws RefusedException if the kernel has refused them
   */
  public void loaded() throws IOException, RefusedException {
    if (loading.isPresent()) {
      Loading last = loading.get();
      loading = Optional.empty();
      Command.Result result = last.program().result();
      if (!result.ok()) {
        throw refusal(last.family(), result);
      }
    }
  }

  /**
   * Why rules that the kernel took when they were tested were not loaded.
   *
   * @throws IOException if that was for the moment: the program was ended, the lock was taken, or
   *     somebody else has changed the rules since
   */
  private RefusedException refusal(IpFamily family, Command.Result result) throws IOException {
    String complaint = "the IP" + family.text() + " rules were not loaded: " + result.complaint();
    if (isOfTheMoment(result)) {
      throw new IOException(complaint);
    }
    for (RulePlan plan : plans) {
      LiveRules before = plan.before();
      LiveRules now = kernel.live(plan.family());
      if (!now.others().equals(before.others()) || now.ours().jumpsMovedSince(before.ours())) {
        throw new IOException("somebody else has changed the rules meanwhile; " + complaint);
      }
    }
    return new RefusedException(complaint);
  }

  private static boolean isOfTheMoment(Command.Result result) {
    return result.status() > 128 || result.err().contains("xtables lock");
  }

  /** Notes what the kernel shows of the rules that were loaded: they are no drift. */
  public void note() throws IOException {
    long asked = System.nanoTime();
    if (!unnoted.isEmpty()) {
      boolean asLoaded = true;
      for (RulePlan plan : unnoted) {
        asLoaded &= note(plan);
      }
      ledger.write();
      unnoted.clear();
      if (asLoaded) {
        standing.seen(asked);
      }
    }
  }

  /** Whether the kernel shows what was loaded. */
  private boolean note(RulePlan plan) throws IOException {
    IpFamily family = plan.family();
    if (plan.source().isEmpty()) {
      ledger.forget(family);
      return true;
    }
    LiveRules live = kernel.live(family);
    shown.put(family, live);
    return standing.note(family, plan.source().get(), plan.wanted(), live);
  }

  /**
   * What takes the jumps of installed rules out and puts them in again, for each table of each
   * family by itself: {@code out.v4.nat}, {@code in.v4.nat}, and {@code in.v4.nat.appended} for a
   * chain in which others' rules have moved meanwhile; {@code one.v4.nat.0} and so on take out one
   * jump each, for a table in which somebody has removed another one.
   */
  public Map<String, String> jumps() {
    Map<String, String> files = new TreeMap<>();
    for (RulePlan plan : plans) {
      if (plan.source().isPresent()) {
        Rules stand = shown.getOrDefault(plan.family(), plan.before()).ours();
        files.putAll(RuleFiles.jumps(plan.family(), stand));
      }
    }
    return files;
  }

  /** Puts back what was changed, if anything was. */
  public void undo() throws IOException {
    awaitLoading();
    unnoted.clear();
    putBack();
    changed.clear();
    if (noted.isPresent()) {
      Map<String, String> before = noted.get();
      noted = Optional.empty();
      ledger.restore(before);
    }
  }

  private void awaitLoading() {
    if (loading.isPresent()) {
      Loading last = loading.get();
      loading = Optional.empty();
      try {
        last.program().result();
      } catch (IOException | RuntimeException | Error e) {
        // Who ran it has ended, and may have put the rules back himself: to do it again is right.
      }
    }
  }

  private void putBack() throws IOException {
    for (RulePlan plan : changed) {
      IpFamily family = plan.family();
      Rules before = plan.before().ours();
      kernel.load(family, Transaction.between(kernel.live(family).ours(), before));
      if (before.isEmpty()) {
        tables.drop(family);
      }
    }
    if (!kernel.anyStands()) {
      loopback.remove();
    }
  }
}
