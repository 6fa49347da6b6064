package io.sluice.agent.firewall;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The address {@code ::6} on {@code lo}, from which Envoy dials applications over IPv6. */
public final class Loopback {

  private static final Path ADDRESSES = Path.of("/proc/net/if_inet6");
  private static final Path OFF = Path.of("/proc/sys/net/ipv6/conf/lo/disable_ipv6");
  private static final String ADDRESS = "00000000000000000000000000000006";

  private final Ledger ledger;

  Loopback(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Whether the kernel has IPv6. */
  public static boolean hasIpv6() {
    return Files.exists(ADDRESSES);
  }

  void add() throws IOException, RefusedException {
    if (present() || isOff()) {
      return;
    }
    // First the note: a crash in between must not leave an address that nobody removes.
    ledger.addedLoopback(true);
    Command.Result result =
        Command.run(List.of("ip", "-6", "addr", "add", "::6/128", "dev", "lo", "nodad"));
    if (!result.ok() && !present()) {
      ledger.addedLoopback(false);
      throw new RefusedException("the address ::6 can't be added to lo: " + result.complaint());
    }
  }

  void remove() throws IOException {
    if (ledger.addedLoopback()) {
      if (present()) {
        Command.run(List.of("ip", "-6", "addr", "del", "::6/128", "dev", "lo"));
      }
      ledger.addedLoopback(false);
    }
  }

  /** Whether the address is there. */
  public static boolean present() throws IOException {
    return hasIpv6()
        && Files.readAllLines(ADDRESSES).stream().anyMatch(line -> line.startsWith(ADDRESS));
  }

  private static boolean isOff() throws IOException {
    return Files.exists(OFF) && Files.readString(OFF).strip().equals("1");
  }
}
