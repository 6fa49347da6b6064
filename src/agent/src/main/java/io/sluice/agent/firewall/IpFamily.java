package io.sluice.agent.firewall;

/** An IP family, each with rules of its own. */
public enum IpFamily {
  /** IPv4. */
  V4("iptables", "ip"),
  /** IPv6. */
  V6("ip6tables", "ip6");

  private final String program;
  private final String nftFamily;

  IpFamily(String program, String nftFamily) {
    this.program = program;
    this.nftFamily = nftFamily;
  }

  /** The stem of its programs' names. */
  String program() {
    return program;
  }

  /** As nft calls it. */
  String nftFamily() {
    return nftFamily;
  }

  /** Where a bundle has its rules. */
  public String file() {
    return this == V4 ? "iptables/v4.rules" : "iptables/v6.rules";
  }

  /** {@code v4} or {@code v6}. */
  public String text() {
    return this == V4 ? "v4" : "v6";
  }
}
