package io.sluice.rendering;

import io.sluice.rendering.bundle.Bundle;
import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.rendering.bundle.Node;
import io.sluice.rendering.bundle.UnrenderableException;
import io.sluice.rendering.envoy.EnvoyConfiguration;
import io.sluice.rendering.envoy.EnvoyFolders;
import io.sluice.rendering.iptables.RedirectRules;
import io.sluice.rendering.iptables.RulesWriter;
import io.sluice.rendering.services.Sight;
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
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Renders dataplanes' bundles. The same resources and facts give the same bytes; what several
 * bundles have in common is one object in all of them.
 */
public final class BundleRenderer {

  private final EnvoyConfiguration envoy = new EnvoyConfiguration();
  private final RedirectRules rules = new RedirectRules();

  /**
   * What the dataplane's host is told. The resources are valid.
   *
   * @param policies the mesh's; those that do not select the dataplane do not count
   * @param facts what is known about the host
   * @param sight what the dataplane sees of the mesh's services
   * @throws UnrenderableException if no host can be configured by them
   */
  public Bundle render(
      Mesh mesh,
      Dataplane dataplane,
      Collection<MeshTransparentProxy> policies,
      Optional<HostFacts> facts,
      Sight sight) {
    return bundle(own(mesh, dataplane, policies, facts), sight);
  }

  /**
   * The part of a bundle that depends on no services, for those who have many bundles to render.
   *
   * @param policies the mesh's; those that do not select the dataplane do not count
   * @param facts what is known about the host
   * @throws UnrenderableException if no host can be configured by them
   */
  public OwnPart own(
      Mesh mesh,
      Dataplane dataplane,
      Collection<MeshTransparentProxy> policies,
      Optional<HostFacts> facts) {
    EffectiveTransparentProxy effective = EffectiveTransparentProxy.of(policies, dataplane);
    requireRenderable(dataplane, effective);
    RedirectSettings settings = SettingsOnHost.of(effective, facts).settings();
    SortedMap<String, Node> entries = new TreeMap<>();
    entries.put(
        "agent.properties", Content.of(AgentProperties.text(dataplane.networking(), settings)));
    if (settings.mode() == Mode.IPTABLES) {
      entries.put("iptables", iptables(settings));
    }
    return new OwnPart(dataplane, settings, entries, envoy.own(mesh, dataplane, settings));
  }

  /** The bundle of a dataplane that sees these services. */
  public Bundle bundle(OwnPart own, Sight sight) {
    EnvoyFolders folders = envoy.folders(own.dataplane(), own.settings(), own.envoy(), sight);
    SortedMap<String, Node> entries = new TreeMap<>(own.entries());
    entries.put("envoy", folders.envoy());
    folders.mesh().ifPresent(mesh -> entries.put("mesh", mesh));
    folders.hosts().ifPresent(hosts -> entries.put("dns", Folder.of(Map.of("hosts", hosts))));
    return Bundle.of(Folder.of(entries));
  }

  private Folder iptables(RedirectSettings settings) {
    RulesWriter writer = new RulesWriter(settings.comments());
    SortedMap<String, Content> files = new TreeMap<>();
    for (IpFamily family : settings.families()) {
      files.put(file(family), Content.of(writer.write(rules.rules(settings, family))));
    }
    return Folder.of(files);
  }

  /**
   * A policy and a dataplane that were written at the same moment may not go together, nor what a
   * host's name leads to and the addresses that the dataplane has.
   */
  private static void requireRenderable(Dataplane dataplane, EffectiveTransparentProxy effective) {
    Findings findings = new Findings();
    DataplaneRules.checkListeners(dataplane, findings);
    DataplaneRules.checkCaptured(dataplane, effective.capture(), findings);
    if (!findings.violations().isEmpty()) {
      Violation first = findings.violations().getFirst();
      throw new UnrenderableException(first.field(), first.reason());
    }
  }

  private static String file(IpFamily family) {
    return switch (family) {
      case V4 -> "v4.rules";
      case V6 -> "v6.rules";
    };
  }
}
