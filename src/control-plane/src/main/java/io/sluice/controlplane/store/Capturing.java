package io.sluice.controlplane.store;

import io.sluice.resources.dataplane.Capture;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.DataplaneRules;
import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Violation;
import java.util.Collection;
import java.util.List;

/** Whether a dataplane and the policies of its mesh go together. */
final class Capturing {

  private Capturing() {}

  static List<Violation> violations(
      Collection<MeshTransparentProxy> policies, Dataplane dataplane) {
    Findings findings = new Findings();
    DataplaneRules.checkCaptured(dataplane, capture(policies, dataplane), findings);
    return findings.violations();
  }

  static Capture capture(Collection<MeshTransparentProxy> policies, Dataplane dataplane) {
    return EffectiveTransparentProxy.of(policies, dataplane).capture();
  }
}
