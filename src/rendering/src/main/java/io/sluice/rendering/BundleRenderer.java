package io.sluice.rendering;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.rendering.envoy.EnvoyConfiguration;
import io.sluice.rendering.iptables.RedirectRules;
import io.sluice.rendering.iptables.RulesWriter;
import io.sluice.rendering.settings.IpFamily;
import io.sluice.rendering.settings.RedirectSettings;
import io.sluice.rendering.settings.SettingsOnHost;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.DataplaneRules;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Violation;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Renders a dataplane's bundle. The same resources and facts give the same bytes. */
public final class BundleRenderer {

  private final EnvoyConfiguration envoy = new EnvoyConfiguration();
  private final RedirectRules rules = new RedirectRules();

  /**
   * What the dataplane's host is told. The resources are valid.
   *
   * @param policies the mesh's; those that do not select the dataplane do not count
   * @param facts what is known about the host
   * @throws UnrenderableException if no host can be configured by them
   */
  public Bundle render(
      Mesh mesh,
      Dataplane dataplane,
      Collection<MeshTransparentProxy> policies,
      Optional<HostFacts> facts) {
    EffectiveTransparentProxy effective = EffectiveTransparentProxy.of(policies, dataplane);
    requireCapturable(dataplane, effective);
    RedirectSettings settings = SettingsOnHost.of(effective, facts).settings();
    SortedMap<String, String> contents = new TreeMap<>(envoy.files(mesh, dataplane, settings));
    contents.put("agent.properties", AgentProperties.text(dataplane.networking(), settings));
    if (settings.mode() == Mode.IPTABLES) {
      RulesWriter writer = new RulesWriter(settings.comments());
      for (IpFamily family : settings.families()) {
        contents.put(path(family), writer.write(rules.rules(settings, family)));
      }
    }
    return Bundle.of(contents);
  }

  /** A policy and a dataplane that were written at the same moment may not go together. */
  private static void requireCapturable(Dataplane dataplane, EffectiveTransparentProxy effective) {
    Findings findings = new Findings();
    DataplaneRules.checkCaptured(dataplane, effective.capture(), findings);
    if (!findings.violations().isEmpty()) {
      Violation first = findings.violations().getFirst();
      throw new UnrenderableException(first.field(), first.reason());
    }
  }

  private static String path(IpFamily family) {
    return switch (family) {
      case V4 -> "iptables/v4.rules";
      case V6 -> "iptables/v6.rules";
    };
  }
}
