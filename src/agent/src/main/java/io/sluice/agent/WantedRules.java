package io.sluice.agent;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.firewall.IpFamily;
import io.sluice.agent.firewall.RuleSwitch;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that a generation wants.
 *
 * @param texts by family, as the bundle has them; none in mode none
 * @param ports the only ones to which they may redirect
 */
record WantedRules(Map<IpFamily, byte[]> texts, Set<Integer> ports) {

  /**
   * Those of a generation, not understood yet.
   *
   * @throws RefusedException if it has other files of rules than its settings call for
   */
  static WantedRules of(Generation target) throws IOException, RefusedException {
    Settings settings = target.settings();
    Map<IpFamily, byte[]> texts = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      Optional<byte[]> text = target.find(family.file());
      boolean wanted =
          settings.mode() == Settings.Mode.IPTABLES && (family == IpFamily.V4 || settings.ipv6());
      if (wanted != text.isPresent()) {
        throw new RefusedException(
            family.file() + (wanted ? " is missing" : " is not for these settings"));
      }
      text.ifPresent(content -> texts.put(family, content));
    }
    return new WantedRules(texts, settings.ruleTargets());
  }

  /**
   * What leads to them from what stands here.
   *
   * @throws RefusedException as {@link Firewall#plan} does
   */
  RuleSwitch plan(Firewall firewall) throws IOException, RefusedException {
    return firewall.plan(texts, ports);
  }
}
