package io.sluice.resources.virtualoutbound;

import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.net.HostName;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.NameRules;
import io.sluice.resources.validation.Path;
import io.sluice.resources.validation.TagRules;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Conf;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Parameter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All rules for a VirtualOutbound by itself, as in Kuma 2.9. */
public final class VirtualOutboundRules {

  private static final Path CONF = Path.ROOT.field("conf");

  private VirtualOutboundRules() {}

  /** Says everything that is wrong about it. */
  public static void check(VirtualOutbound outbound, Findings findings) {
    NameRules.checkName(outbound.name(), Path.ROOT.field("name"), findings);
    NameRules.checkName(outbound.mesh(), Path.ROOT.field("mesh"), findings);
    NameRules.checkLabels(outbound.labels(), findings);
    checkSelectors(outbound.selectors(), findings);
    checkParameters(outbound.conf().parameters(), findings);
    checkHost(outbound.conf(), findings);
    checkPort(outbound.conf(), findings);
  }

  private static void checkSelectors(List<VirtualOutbound.Selector> selectors, Findings findings) {
    Path at = Path.ROOT.field("selectors");
    if (selectors.isEmpty()) {
      findings.violation(at, "must have at least one element");
    }
    for (int i = 0; i < selectors.size(); i++) {
      TagRules.checkSelector(selectors.get(i).match(), at.index(i).field("match"), findings);
    }
  }

  private static void checkParameters(List<Parameter> parameters, Findings findings) {
    Path at = CONF.field("parameters");
    if (parameters.stream().noneMatch(Parameter::isService)) {
      findings.violation(
          at,
          "must have one element with tagKey: "
              + Inbound.SERVICE_TAG
              + ", such as {name: service, tagKey: "
              + Inbound.SERVICE_TAG
              + "}");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      Path field = at.index(i).field("name");
      if (!name.matches("[A-Za-z0-9]+")) {
        findings.violation(field, "must be alphanumeric, not \"" + name + "\"");
      } else if (!names.add(name)) {
        findings.violation(field, "must be unique; another parameter is \"" + name + "\" too");
      }
      String tag = parameters.get(i).tagKey();
      if (tag != null) {
        TagRules.checkName(tag, at.index(i).field("tagKey"), findings);
      }
    }
  }

  private static void checkHost(Conf conf, Findings findings) {
    String host = filled(conf, CONF.field("host"), conf.host(), "dummy", findings);
    if (host != null && !HostName.isAnswerable(Naming.canonical(host))) {
      findings.violation(
          CONF.field("host"),
          "must be a DNS name once parameters have values; with \"dummy\" for each it is \""
              + host
              + "\"");
    }
  }

  private static void checkPort(Conf conf, Findings findings) {
    String port = filled(conf, CONF.field("port"), conf.port(), "1", findings);
    if (port != null && Naming.port(port).isEmpty()) {
      findings.violation(
          CONF.field("port"),
          "must be a port from 1 to 65535 once parameters have values; with \"1\" for each it is \""
              + port
              + "\"");
    }
  }

  /** The template with one value for all parameters, or nothing where something is wrong. */
  private static @Nullable String filled(
      Conf conf, Path at, String text, String value, Findings findings) {
    try {
      Template template = Template.parse(text);
      Set<String> known =
          conf.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
      Map<String, String> values = new HashMap<>();
      boolean complete = true;
      for (String name : template.parameters()) {
        values.put(name, value);
        if (!known.contains(name)) {
          findings.violation(
              at,
              "refers to \""
                  + name
                  + "\", which is no parameter; conf.parameters has "
                  + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))));
          complete = false;
        }
      }
      return complete ? template.fill(values) : null;
    } catch (Template.Malformed e) {
      findings.violation(at, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
