package io.sluice.resources.transparentproxy;

import io.sluice.resources.policy.TargetRefRules;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.NameRules;
import io.sluice.resources.validation.Path;

/** All rules for a MeshTransparentProxy by itself. */
public final class MeshTransparentProxyRules {

  private static final Path SPEC = Path.ROOT.field("spec");

  private MeshTransparentProxyRules() {}

  /** Says everything that is wrong or surprising about a policy. */
  public static void check(MeshTransparentProxy policy, Findings findings) {
    NameRules.checkName(policy.name(), Path.ROOT.field("name"), findings);
    NameRules.checkName(policy.mesh(), Path.ROOT.field("mesh"), findings);
    NameRules.checkLabels(policy.labels(), findings);
    if (policy.targetRef() != null) {
      TargetRefRules.check(policy.targetRef(), SPEC.field("targetRef"), findings);
    }
    if (policy.spec().conf() != null) {
      ConfRules.check(policy.spec().conf(), SPEC.field("default"), findings);
    }
  }
}
