package io.sluice.resources.dataplane;

import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.NameRules;
import io.sluice.resources.validation.Path;

/** All rules for a Dataplane. Kuma's come first, with Kuma's words; ours go beyond them. */
public final class DataplaneRules {

  private DataplaneRules() {}

  /** Says everything that is wrong or surprising about a dataplane by itself. */
  public static void check(Dataplane dataplane, Findings findings) {
    NameRules.checkName(dataplane.name(), Path.ROOT.field("name"), findings);
    NameRules.checkName(dataplane.mesh(), Path.ROOT.field("mesh"), findings);
    NameRules.checkLabels(dataplane.labels(), findings);
    Networking networking = dataplane.networking();
    new AddressRules(networking, findings).check();
    new InboundRules(networking, findings).check();
    new OutboundRules(networking, findings).check();
    new GatewayRules(dataplane, findings).check();
    TransparentProxyingRules.check(networking, findings);
    checkListeners(dataplane, findings);
    ObservabilityRules.check(dataplane, findings);
  }

  /**
   * Says which places the proxy would have to listen at twice. It is to be asked again once a name
   * in place of the host's address is resolved: that may be the address of another listener.
   */
  public static void checkListeners(Dataplane dataplane, Findings findings) {
    new ListenerRules(dataplane.networking(), findings).check();
  }

  /**
   * Says everything that is wrong or surprising about a dataplane when its traffic is captured so,
   * which the policies of its mesh may decide.
   */
  public static void checkCaptured(Dataplane dataplane, Capture capture, Findings findings) {
    Networking networking = dataplane.networking();
    TransparentProxyingRules.warn(networking, capture, findings);
    new ProxyPortRules(networking, capture, findings).check();
    new LoopRules(networking, capture, findings).check();
  }
}
