package io.sluice.resources.codec;

import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields of Kuma's host file that say how its installer works on one host. A file pasted under
 * {@code spec.default} may have them; they are left out, and the writer is told what stands in
 * their place. No program, path or retry of a host is ever taken from a resource.
 */
final class HostLocalFields {

  private static final Path CONF = Path.ROOT.field("spec").field("default");

  private static final String TRANSACTION =
      "the agent loads all rules of a table in one transaction of the kernel, and tries a bundle"
          + " again by itself when the host changed";

  private static final Map<String, String> OF_CONF =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("wait", TRANSACTION),
              Map.entry("waitInterval", TRANSACTION),
              Map.entry("retry", TRANSACTION),
              Map.entry(
                  "storeFirewalld",
                  "the agent's boot unit puts the rules back, and drift: repair does so when"
                      + " firewalld reloads"),
              Map.entry(
                  "cniMode",
                  "it is for Kubernetes' CNI plugin, and Sluice runs outside Kubernetes"),
              Map.entry(
                  "verbose", "sluice-agent plan on the host shows the rules, _bundle does here"),
              Map.entry(
                  "dryRun",
                  "POST /apply?dryRun=true shows the rules of each host, and sluice-agent plan on"
                      + " the host what they change"),
              Map.entry(
                  "iptablesExecutables",
                  "the agent takes the iptables of the host's PATH, of the backend that has rules"),
              Map.entry("ebpf", "mode: ebpf says it, and the agent knows where its programs are")));

  private static final String NAME_PREFIX = "our chains are always named SLUICE_";

  /** Kuma turns all inbound redirection off by it: a packet that arrives has no user. */
  private static final String INBOUND_UIDS =
      "a packet that arrives has no user, so it could match nothing; in Kuma it turns all inbound"
          + " redirection off, and here it has no effect";

  private HostLocalFields() {}

  /** Takes the fields out of a policy's document. */
  static void leaveOut(ObjectNode document, Findings findings) {
    if (!document.path("type").asString("").equals(MeshTransparentProxy.TYPE)) {
      return;
    }
    JsonNode conf = document.path("spec").path("default");
    OF_CONF.forEach((name, instead) -> leaveOut(conf, CONF, name, instead, findings));
    Path redirect = CONF.field("redirect");
    leaveOut(conf.path("redirect"), redirect, "namePrefix", NAME_PREFIX, findings);
    leaveOut(
        conf.path("redirect").path("inbound"),
        redirect.field("inbound"),
        "excludePortsForUIDs",
        INBOUND_UIDS,
        findings);
  }

  private static void leaveOut(
      JsonNode mapping, Path at, String name, String instead, Findings findings) {
    if (!(mapping instanceof ObjectNode fields)) {
      return;
    }
    JsonNode value = fields.remove(name);
    if (value != null && !value.isNull() && !(value.isContainer() && value.isEmpty())) {
      findings.warning(at.field(name), "is left out: " + instead);
    }
  }
}
