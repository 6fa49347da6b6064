package io.sluice.agent;

import java.util.Map;

/** A bundle that captures every DNS question, as the control plane renders it. */
final class DnsCapture {

  static final int PORT = 15_053;

  private DnsCapture() {}

  static Map<String, String> bundle(int workload, int port, String hosts) {
    Map<String, String> files = Bundles.transparent(workload);
    files.put(
        "agent.properties",
        Bundles.TRANSPARENT.replace(
                "drain-seconds", "dns.domains=mesh,corp.internal\ndrain-seconds")
            + "redirect.dns.port="
            + port
            + "\n");
    files.put("dns/hosts", hosts);
    files.put("iptables/v4.rules", rules(port));
    files.put("iptables/v6.rules", rules(port));
    return files;
  }

  private static String rules(int port) {
    return """
        *raw
        :SLUICE_DNS - [0:0]
        -A OUTPUT -p udp --sport PORT -j SLUICE_DNS
        -A OUTPUT -p udp --dport 53 -j SLUICE_DNS
        -A SLUICE_DNS -p udp --sport PORT -m owner --gid-owner sluice -j CT --zone 2
        -A SLUICE_DNS -m owner --gid-owner sluice -j RETURN
        -A SLUICE_DNS -p udp --dport 53 -j CT --zone 2
        COMMIT
        *nat
        :SLUICE_DNS - [0:0]
        :SLUICE_OUTBOUND - [0:0]
        -I OUTPUT 1 -p udp --dport 53 -j SLUICE_DNS
        -I OUTPUT 2 -p tcp --syn --dport 53 -j SLUICE_DNS
        -A OUTPUT -p tcp --syn -j SLUICE_OUTBOUND
        -A SLUICE_DNS -m owner --gid-owner sluice -j RETURN
        -A SLUICE_DNS -p udp --dport 53 -j REDIRECT --to-ports PORT
        -A SLUICE_DNS -p tcp --dport 53 -j REDIRECT --to-ports PORT
        -A SLUICE_OUTBOUND -p tcp --dport 15009 -m owner ! --gid-owner sluice -j REDIRECT --to-ports 15001
        -A SLUICE_OUTBOUND -m owner --gid-owner sluice -j RETURN
        COMMIT
        """
        .replace("PORT", Integer.toString(port));
  }
}
