package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which of the kernel's two implementations holds the rules, and the programs that speak to it. */
public enum Backend {
  /** {@code iptables-nft}. */
  NF_TABLES("nft"),
  /** {@code iptables-legacy}. */
  LEGACY("legacy");

  private final String suffix;

  Backend(String suffix) {
    this.suffix = suffix;
  }

  /** As the status spells it. */
  public String text() {
    return this == NF_TABLES ? "nf_tables" : "legacy";
  }

  /**
   * What this host uses: legacy where its tables hold rules and nf_tables' do not, else what {@code
   * iptables} is here.
   *
   * @throws IOException if the host has no iptables
   */
  public static Backend ofHost() throws IOException {
    Backend usual = usual();
    if (usual == NF_TABLES
        && Command.exists("iptables-legacy-save")
        && legacyTables()
        && holdsRules(LEGACY)
        && !holdsRules(NF_TABLES)) {
      return LEGACY;
    }
    return usual;
  }

  /** The backend with this spelling: {@code nf_tables} or {@code legacy}. */
  public static Backend named(String text) {
    for (Backend backend : values()) {
      if (backend.text().equals(text)) {
        return backend;
      }
    }
    throw new IllegalArgumentException(text + " is neither nf_tables nor legacy");
  }

  String save(IpFamily family) {
    return program(family, "-save");
  }

  String restore(IpFamily family) {
    return program(family, "-restore");
  }

  private String program(IpFamily family, String what) {
    String named = family.program() + '-' + suffix + what;
    return Command.exists(named) ? named : family.program() + what;
  }

  private static Backend usual() throws IOException {
    if (!Command.exists("iptables")) {
      throw new IOException("this host has no iptables: install the package iptables");
    }
    return Command.run(List.of("iptables", "-V")).out().contains("nf_tables") ? NF_TABLES : LEGACY;
  }

  // Asking iptables-legacy-save on a host without legacy tables would make the kernel create them.
  private static boolean legacyTables() throws IOException {
    for (String names : List.of("ip_tables_names", "ip6_tables_names")) {
      Path file = Path.of("/proc/net", names);
      if (Files.isReadable(file) && !Files.readString(file).isBlank()) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsRules(Backend backend) throws IOException {
    return backend.show(IpFamily.V4).contains("\n-A ");
  }

  /**
   * Whether this backend is there and may hold rules of a family: only then may it be asked, for
   * the question alone would make the kernel create tables of iptables-legacy.
   */
  public boolean populated(IpFamily family) throws IOException {
    if (this == NF_TABLES) {
      return Command.exists(save(family)) && usualOrNamed(family);
    }
    Path names =
        Path.of("/proc/net", family == IpFamily.V4 ? "ip_tables_names" : "ip6_tables_names");
    return Files.isReadable(names)
        && !Files.readString(names).isBlank()
        && Command.exists(save(family));
  }

  /** Without a program that says which backend it is for, the usual one answers for its own. */
  private boolean usualOrNamed(IpFamily family) throws IOException {
    return save(family).contains(suffix) || usual() == this;
  }

  /** The rules of a family as {@code iptables-save} shows them. */
  public String show(IpFamily family) throws IOException {
    Command.Result saved = Command.run(List.of(save(family)));
    if (!saved.ok()) {
      throw new IOException(save(family) + ": " + saved.complaint());
    }
    return saved.out();
  }
}
