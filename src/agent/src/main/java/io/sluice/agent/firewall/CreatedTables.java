package io.sluice.agent.firewall;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.util.List;

/**
 * The tables that the kernel made because of us. Those of nf_tables are dropped when they are empty
 * again; iptables-legacy can't drop one.
 */
final class CreatedTables {

  private final KernelRules kernel;
  private final Ledger ledger;

  CreatedTables(KernelRules kernel, Ledger ledger) {
    this.kernel = kernel;
    this.ledger = ledger;
  }

  /** Drops those of a family that nobody uses. */
  void drop(IpFamily family) throws IOException {
    if (kernel.backend() != Backend.NF_TABLES) {
      return;
    }
    LiveRules live = kernel.live(family);
    for (String table : ledger.created(family)) {
      boolean empty = !live.foreign().contains(table) && !live.ours().tables().containsKey(table);
      if (live.present().contains(table) && empty && Command.exists("nft")) {
        List<String> list = List.of("nft", "list", "table", family.nftFamily(), table);
        // Only what an empty table shows: its name and its hooks.
        if (Command.run(list).out().lines().map(String::strip).allMatch(CreatedTables::isBare)) {
          Command.run(List.of("nft", "delete", "table", family.nftFamily(), table));
        }
      }
    }
  }

  private static boolean isBare(String line) {
    return line.isEmpty()
        || line.equals("}")
        || line.startsWith("#")
        || line.matches("table ip6? [a-z]+ \\{")
        || line.matches("chain (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) \\{")
        || line.matches("type [a-z]+ hook [a-z]+ priority [a-z0-9-]+; policy accept;");
  }
}
