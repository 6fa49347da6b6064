package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.traffic.DnsQuestion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A DNS server of the network: dnsmasq, which answers every name with one address. */
public final class NameServer implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(15);

  private final Daemon daemon;

  private NameServer(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Starts it on port 53 of a host and waits until it answers.
   *
   * @param answer the IPv4 address of every name
   */
  public static NameServer start(Host host, String answer, Path folder) {
    Daemon daemon =
        Daemon.start(
            host.namespace()
                .command(
                    "dnsmasq",
                    "--keep-in-foreground",
                    "--conf-file=/dev/null",
                    "--pid-file=",
                    "--user=root",
                    "--no-hosts",
                    "--no-resolv",
                    "--log-facility=-",
                    "--address=/#/" + answer),
            Map.of(),
            folder.resolve("dnsmasq-" + host.name() + ".log"));
    NameServer server = new NameServer(daemon);
    try {
      daemon.await("it answers", START, () -> answers(host));
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static boolean answers(Host host) {
    try {
      return !DnsQuestion.ask(host, host.ipv4(53), "name.example", DnsQuestion.Transport.TCP)
          .isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    daemon.end();
  }
}
