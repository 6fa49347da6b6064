package io.sluice.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that the control plane renders, and what a forger could make of them. */
class RenderedRulesTest {

  private static final Path RECORDED = Path.of("../rendering/src/test/resources/redirect");
  private static final Set<Integer> NO_PORTS = Set.of();

  /** Each turns some lines of rules into what no bundle may say. */
  private static final List<Forgery> FORGERIES =
      List.of(
          new Forgery("-j RETURN$", "-j ACCEPT"),
          new Forgery("-j RETURN$", "-j DROP"),
          new Forgery("-j RETURN$", "-g SLUICE_INBOUND"),
          new Forgery("-j RETURN$", "-j RETURN -j RETURN"),
          new Forgery("-j RETURN$", ""),
          new Forgery("-j SLUICE_[A-Z_]+$", "-j DOCKER"),
          new Forgery("-j SLUICE_[A-Z_]+$", "-j SLUICE_NOWHERE"),
          new Forgery("-j SLUICE_[A-Z_]+$", "-j MARK --set-mark 1"),
          new Forgery("REDIRECT --to-ports [0-9]+", "REDIRECT --to-ports 22"),
          new Forgery("REDIRECT --to-ports [0-9]+", "REDIRECT"),
          new Forgery("REDIRECT --to-ports [0-9]+", "DNAT --to-destination 192.0.2.1"),
          new Forgery("CT --zone 2", "CT --notrack"),
          new Forgery("CT --zone 2", "NOTRACK"),
          new Forgery("--ctstate INVALID (.*)-j DROP", "$1-j DROP"),
          new Forgery("--ctstate INVALID (.*)-j DROP", "--ctstate INVALID,NEW $1-j DROP"),
          new Forgery(
              "-m conntrack --ctstate INVALID (.*)-j DROP",
              "-m conntrack ! --ctstate INVALID $1-j DROP"),
          new Forgery("--log-prefix \"[^\"]*\"", "--log-prefix \"" + "x".repeat(30) + '"'),
          new Forgery("--log-level [0-7]", "--log-level 8"),
          new Forgery("--log-level [0-7]", "--log-uid"),
          new Forgery("^-A SLUICE_[A-Z_]+", "-A INPUT"),
          new Forgery("^-A SLUICE_[A-Z_]+", "-A DOCKER"),
          new Forgery("^-A SLUICE_[A-Z_]+", "-I SLUICE_INBOUND 1"),
          new Forgery("^-[AI] (PREROUTING|OUTPUT)", "-A FORWARD"),
          new Forgery("^-[AI] (PREROUTING|OUTPUT)", "-D $1"),
          new Forgery("^-[AI] (PREROUTING|OUTPUT)", "-R $1 1"),
          new Forgery("^-I (PREROUTING|OUTPUT) [0-9]+", "-I $1 9"),
          new Forgery("^-I (PREROUTING|OUTPUT) [0-9]+", "-I $1"),
          new Forgery("^:SLUICE_INBOUND ", ":INPUT "),
          new Forgery("^:SLUICE_INBOUND - ", ":SLUICE_INBOUND DROP "),
          new Forgery("^\\*nat$", "*filter"),
          new Forgery("^COMMIT$", ""),
          new Forgery("-p tcp", "-p icmp"),
          new Forgery("-p udp", "-p all"),
          new Forgery("-m owner", "-m bpf"),
          new Forgery("-m addrtype", "-m recent"),
          new Forgery("--uid-owner [a-z0-9-]+", "--uid-owner \\$(id)"),
          new Forgery("--dport [0-9:]+", "--dport 1:2:3"),
          new Forgery("-i docker0", "-i docker0;reboot"),
          new Forgery("-d [0-9a-f.:/]+", "-d example.com"),
          new Forgery("-s [0-9a-f.:/]+", "-s 10.0.0.0/8,192.0.2.0/24"));

  private record Forgery(String honest, String forged) {}

  static List<Path> rendered() throws IOException {
    assertThat(RECORDED).as("the rules that src/rendering records").isDirectory();
    try (Stream<Path> files = Files.walk(RECORDED, 2)) {
      return files.filter(file -> file.toString().endsWith(".rules")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void whatTheControlPlaneRendersIsUnderstood(Path file) throws Exception {
    String text = Files.readString(file);

    Rules rules = parse(text, targets(file));

    long inside = text.lines().filter(line -> line.startsWith("-A SLUICE_")).count();
    long jumps = text.lines().filter(line -> line.matches("-[AI] (PREROUTING|OUTPUT) .*")).count();
    assertThat(rules.tables().values().stream().mapToInt(table -> table.inside().size()).sum())
        .isEqualTo((int) inside);
    assertThat(
            rules.tables().values().stream()
                .flatMap(table -> table.jumps().values().stream())
                .mapToInt(List::size)
                .sum())
        .isEqualTo((int) jumps);
  }

  @ParameterizedTest
  @MethodSource("rendered")
  void rulesMayOnlyRedirectToPortsThatTheSettingsName(Path file) throws Exception {
    String text = Files.readString(file);

    assertThatThrownBy(() -> parse(text, NO_PORTS)).isInstanceOf(RefusedException.class);
  }

  /** One line of one file is forged at a time; each forgery must have found lines to forge. */
  @Test
  void noForgeryOfWhatTheControlPlaneRendersIsUnderstood() throws Exception {
    List<Forgery> unused = new ArrayList<>(FORGERIES);
    int forged = 0;
    for (Path file : rendered()) {
      List<String> lines = Files.readAllLines(file);
      Set<Integer> targets = targets(file);
      for (Forgery forgery : FORGERIES) {
        for (int i = 0; i < lines.size(); i++) {
          String line = lines.get(i);
          String other = line.replaceFirst(forgery.honest(), forgery.forged());
          if (!other.equals(line)) {
            List<String> all = new ArrayList<>(lines);
            all.set(i, other);
            assertThatCode(() -> parse(String.join("\n", all) + "\n", targets))
                .as("%s: %s", file, other)
                .isInstanceOf(RefusedException.class);
            unused.remove(forgery);
            forged++;
          }
        }
      }
    }
    assertThat(unused).isEmpty();
    assertThat(forged).isGreaterThan(2_000);
  }

  private static Set<Integer> targets(Path file) throws Exception {
    Path settings = file.resolveSibling("agent.properties");
    return new TreeSet<>(Settings.parse(Files.readAllBytes(settings)).ruleTargets());
  }

  private static Rules parse(String text, Set<Integer> targets) throws RefusedException {
    return RuleParser.parse(text.getBytes(StandardCharsets.ISO_8859_1), targets);
  }
}
