package io.sluice.agent;

import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A network beside a host, with DNS servers that know names of their own. */
final class DnsWorld implements AutoCloseable {

  static final String HOST = "10.98.0.2";
  static final String FIRST = "10.98.0.1";
  static final String SECOND = "10.98.0.3";
  static final String FIRST_IPV6 = "fd98::1";

  /** The server on it never answers. */
  static final String DEAD = "10.98.0.4";

  static final String SLOW = "10.98.0.5";

  private final NetworkNamespace network = new NetworkNamespace();
  private final Path folder = Files.createTempDirectory("sluice-dns-world");
  private final List<Process> servers = new ArrayList<>();
  private @Nullable DatagramSocket slow;

  DnsWorld(NetworkNamespace host) throws IOException {
    if (!Command.exists("dnsmasq")) {
      throw new AssertionError("there is no dnsmasq: run ./sluice test, or install dnsmasq-base");
    }
    host.run("ip", "link", "add", "world", "type", "veth", "peer", "name", "host");
    network.adopt(host, "host");
    for (String address : List.of(FIRST, SECOND, DEAD, SLOW)) {
      network.run("ip", "addr", "add", address + "/24", "dev", "host");
    }
    network.run("ip", "-6", "addr", "add", FIRST_IPV6 + "/64", "dev", "host", "nodad");
    network.run("ip", "link", "set", "host", "up");
    host.run("ip", "addr", "add", HOST + "/24", "dev", "world");
    host.run("ip", "-6", "addr", "add", "fd98::2/64", "dev", "world", "nodad");
    host.run("ip", "link", "set", "world", "up");
    host.run("ip", "route", "add", "default", "via", FIRST);
    host.run("ip", "-6", "route", "add", "default", "via", FIRST_IPV6);
    StringBuilder large = new StringBuilder("--txt-record=large.example");
    for (int i = 0; i < 12; i++) {
      large.append(',').append("x".repeat(200));
    }
    server(
        "--listen-address=" + FIRST,
        "--listen-address=" + FIRST_IPV6,
        // What it does not know does not exist, as with a server that recurses.
        "--address=/#/",
        "--address=/up.example/192.0.2.1",
        "--address=/up.example/2001:db8::1",
        "--address=/which.example/192.0.2.11",
        "--txt-record=up.example,hello",
        large.toString(),
        "--mx-host=up.example,mail.up.example,5",
        "--srv-host=_sip._tcp.up.example,sip.up.example,5060",
        "--ptr-record=1.2.0.192.in-addr.arpa,up.example",
        "--dns-rr=up.example,65,000100000100030268320000");
    server("--listen-address=" + SECOND, "--address=/which.example/192.0.2.12");
  }

  private void server(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Command.find("dnsmasq").orElseThrow().toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--bind-interfaces",
                "--no-hosts",
                "--no-resolv",
                "--log-facility=-"));
    command.addAll(List.of(options));
    servers.add(
        new ProcessBuilder(network.command(command))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log-" + servers.size()).toFile())
            .start());
  }

  /** A file in the form of resolv.conf(5). */
  Path resolvConf(String... addresses) throws IOException {
    Path file = folder.resolve("resolv.conf");
    StringBuilder text = new StringBuilder("search example\n");
    for (String address : addresses) {
      text.append("nameserver ").append(address).append('\n');
    }
    HostFiles.replace(file, text.toString());
    return file;
  }

  /** A server that says of every name that it has no such records, after a while. */
  void slow(int millis) throws Exception {
    DatagramSocket socket =
        network.inside(
            () -> new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(SLOW), 53)));
    slow = socket;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  DatagramPacket question = new DatagramPacket(new byte[512], 512);
                  socket.receive(question);
                  Thread.ofVirtual().start(() -> answer(socket, question, millis));
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
  }

  private static void answer(DatagramSocket socket, DatagramPacket question, int millis) {
    try {
      Thread.sleep(millis);
      // It is an answer, and recursion was available.
      question.getData()[2] |= (byte) 0x80;
      question.getData()[3] = (byte) 0x80;
      socket.send(question);
    } catch (IOException | InterruptedException e) {
      // The test is over.
    }
  }

  /** Lets nothing through any more. */
  void lost() throws IOException {
    network.run("ip", "link", "set", "host", "down");
  }

  @Override
  public void close() throws IOException {
    servers.forEach(Process::destroyForcibly);
    if (slow != null) {
      slow.close();
    }
    network.close();
    HostFiles.deleteTree(folder);
  }
}
