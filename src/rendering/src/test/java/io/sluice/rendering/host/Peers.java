package io.sluice.rendering.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host between the world and a container, with programs that answer everyone with their name:
 *
 * <pre>
 * world 10.90.0.2, .3 ── eth0 10.90.0.1 host 172.17.0.1 docker0 ── container 172.17.0.2
 * </pre>
 *
 * <p>Where Envoy and the resolver would listen, {@code inbound}, {@code outbound} and {@code
 * resolver} answer.
 */
public final class Peers implements AutoCloseable {

  /** The primary group of our processes; see {@link PrivateHost}. */
  public static final int OURS = 64002;

  private static final int PATIENCE = 700;

  private final PrivateHost host;
  private final PrivateHost world;
  private final PrivateHost container;
  private final List<Runnable> open = new ArrayList<>();

  /** Makes the three of them, with their programs. */
  public Peers(Path folder) {
    host = made(folder, "host");
    world = made(folder, "world");
    container = made(folder, "container");
    run(
        host,
        """
        ip link add eth0 type veth peer name eth0 netns %s
        ip addr add 10.90.0.1/24 dev eth0; ip link set eth0 up
        ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0
        ip link set docker0 up
        ip link add veth0 type veth peer name eth0 netns %s
        ip link set veth0 master docker0 up
        echo 1 > /proc/sys/net/ipv4/ip_forward
        """
            .formatted(world.namespace(), container.namespace()));
    run(
        world,
        """
        ip addr add 10.90.0.2/24 dev eth0; ip addr add 10.90.0.3/24 dev eth0
        ip link set eth0 up; ip route add 172.17.0.0/16 via 10.90.0.1
        """);
    run(
        container,
        """
        ip addr add 172.17.0.2/16 dev eth0; ip link set eth0 up
        ip route add default via 172.17.0.1
        """);
    Inside inHost = inside(host);
    answerTcp(inHost, OURS, "inbound", "0.0.0.0", 15006);
    answerTcp(inHost, OURS, "outbound", "0.0.0.0", 15001);
    for (String address : List.of("127.0.0.1", "172.17.0.1")) {
      answerTcp(inHost, OURS, "resolver", address, 15053);
      answerUdp(inHost, OURS, "resolver", address, 15053);
    }
    answerTcp(inHost, 1000, "sshd", "0.0.0.0", 22);
    answerTcp(inHost, 1000, "application", "0.0.0.0", 5000);
    Inside inWorld = inside(world);
    for (int port : List.of(53, 80, 5432)) {
      answerTcp(inWorld, 0, "server", "0.0.0.0", port);
    }
    answerUdp(inWorld, 0, "server", "10.90.0.2", 53);
    answerUdp(inWorld, 0, "server", "10.90.0.3", 53);
  }

  /** Runs shell commands on the host, which must succeed. */
  public String onHost(String script) {
    return run(host, script);
  }

  /** Gives the host rules. */
  public void load(String rules, String restore) {
    try {
      Files.writeString(host.folder().resolve("rules"), rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(host, restore + " --noflush rules");
  }

  /** Programs of a user of the host. */
  public Someone host(int uid, int gid) {
    return new Someone(inside(host), uid, gid);
  }

  /** Programs elsewhere in the network. */
  public Someone world() {
    return new Someone(inside(world), 0, 0);
  }

  /** Programs in the host's container. */
  public Someone container() {
    return new Someone(inside(container), 0, 0);
  }

  /** Where a program runs and as whom. */
  public record Someone(Inside inside, int uid, int gid) {

    /** Who answers a TCP connection; {@code nobody} if it is not answered. */
    public String dial(String address, int port) {
      return dialFrom("0.0.0.0", address, port);
    }

    /** The same from one of several addresses. */
    public String dialFrom(String source, String address, int port) {
      return inside.as(
          uid,
          gid,
          () -> {
            try (Socket socket = new Socket()) {
              socket.bind(new InetSocketAddress(source, 0));
              socket.connect(new InetSocketAddress(address, port), PATIENCE);
              return read(socket);
            } catch (IOException e) {
              return "nobody";
            }
          });
    }

    /** A connection that stays open. */
    public Socket connect(String address, int port) {
      return inside.as(
          uid,
          gid,
          () -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(address, port), PATIENCE);
            return socket;
          });
    }

    /** Who answers a datagram from this port; {@code nobody} if it is not answered. */
    public String ask(int from, String address, int port) {
      return inside.as(
          uid,
          gid,
          () -> {
            try (DatagramSocket socket = new DatagramSocket(from)) {
              socket.setSoTimeout(PATIENCE);
              byte[] question = "who?".getBytes(StandardCharsets.US_ASCII);
              socket.send(
                  new DatagramPacket(
                      question, question.length, new InetSocketAddress(address, port)));
              DatagramPacket answer = new DatagramPacket(new byte[64], 64);
              socket.receive(answer);
              return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
            } catch (SocketTimeoutException e) {
              return "nobody";
            }
          });
    }
  }

  /** Reads who is at the other end, asking once more. */
  public static String read(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE);
    socket.getOutputStream().write('?');
    byte[] answer = new byte[64];
    int length = socket.getInputStream().read(answer);
    return length < 0 ? "nobody" : new String(answer, 0, length, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PrivateHost made(Path folder, String name) {
    try {
      PrivateHost made = new PrivateHost(Files.createDirectories(folder.resolve(name)));
      open.add(made::close);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Inside inside(PrivateHost where) {
    Inside inside = new Inside(where);
    open.add(inside::close);
    return inside;
  }

  private void answerTcp(Inside inside, int gid, String name, String address, int port) {
    ServerSocket server =
        inside.as(
            gid,
            gid,
            () -> {
              ServerSocket socket = new ServerSocket();
              socket.setReuseAddress(true);
              socket.bind(new InetSocketAddress(address, port));
              return socket;
            });
    open.add(() -> close(server));
    Thread.ofVirtual().start(() -> accept(server, name));
  }

  private static void accept(ServerSocket server, String name) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket, name));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void answer(Socket socket, String name) {
    try (socket) {
      while (socket.getInputStream().read() >= 0) {
        socket.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The other end went away, as it may.
    }
  }

  private void answerUdp(Inside inside, int gid, String name, String address, int port) {
    DatagramSocket socket =
        inside.as(gid, gid, () -> new DatagramSocket(new InetSocketAddress(address, port)));
    open.add(socket::close);
    Thread.ofVirtual().start(() -> answerAll(socket, name));
  }

  private static void answerAll(DatagramSocket socket, String name) {
    byte[] answer = name.getBytes(StandardCharsets.US_ASCII);
    while (!socket.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(new byte[64], 64);
        socket.receive(question);
        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static String run(PrivateHost where, String script) {
    Program.Result result = where.run(script);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }
}
