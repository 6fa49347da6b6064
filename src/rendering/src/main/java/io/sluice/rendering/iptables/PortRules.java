package io.sluice.rendering.iptables;

import io.sluice.resources.net.PortRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a chain: which ports are captured. Where ports are included, those that are excluded
 * mean nothing, as in Kuma.
 *
 * @param connections what the rules' reasons call them
 * @param captured where captured ones go
 */
record PortRules(String connections, Target captured) {

  List<Rule> including(List<PortRange> ports, String setting) {
    return ports.stream()
        .map(
            range ->
                new Rule(
                    Packets.tcpTo(range),
                    captured,
                    connections + " to included port " + range,
                    setting))
        .toList();
  }

  List<Rule> excluding(List<PortRange> ports, String setting, String otherwise) {
    List<Rule> rules = new ArrayList<>();
    for (PortRange range : ports) {
      rules.add(
          new Rule(
              Packets.tcpTo(range),
              new Target.Return(),
              connections + " to excluded port " + range + " pass",
              setting));
    }
    rules.add(new Rule(Packets.all(Packets.TCP), captured, "all other " + connections, otherwise));
    return rules;
  }
}
