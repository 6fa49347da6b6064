package io.sluice.agent;

import io.sluice.agent.host.Command;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of its own: what a test does to its rules nobody else sees. */
public final class NetworkNamespace implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int CLONE_NEWNET = 0x40000000;

  private final String name;

  public NetworkNamespace() throws IOException {
    name = "agent-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    must(List.of("ip", "netns", "add", name));
    run("ip", "link", "set", "lo", "up");
  }

  /** The command as it is started in this namespace. */
  public List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
    whole.addAll(command);
    return whole;
  }

  /** Runs a program here; it must succeed. */
  public String run(String... command) throws IOException {
    return must(command(List.of(command)));
  }

  /** Moves an interface of another namespace here. */
  void adopt(NetworkNamespace other, String device) throws IOException {
    other.run("ip", "link", "set", device, "netns", name);
  }

  /** Everything that netfilter has here, without counters and times. */
  public String rules() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String program :
        List.of(
            "iptables-nft-save",
            "ip6tables-nft-save",
            "iptables-legacy-save",
            "ip6tables-legacy-save")) {
      boolean legacy = program.contains("legacy");
      String family = program.startsWith("ip6") ? "ip6" : "ip";
      if (legacy && run("cat", "/proc/net/" + family + "_tables_names").isBlank()) {
        continue;
      }
      all.append(run(program).replaceAll("(?m)^#.*\n", "").replaceAll("\\[\\d+:\\d+\\]", ""));
    }
    return all.toString();
  }

  /** Does something on a thread of this namespace; sockets made there stay in it. */
  public <T> T inside(Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return work.call();
            });
    Thread.ofPlatform().start(task);
    return task.get();
  }

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  /** Begins something on a thread of this namespace; what it throws ends that thread only. */
  Thread onThread(Work work) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                enter();
                work.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @SuppressWarnings("restricted") // The JDK has no other way to change a thread's namespace.
  private void enter() throws IOException {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor number = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    FunctionDescriptor twoNumbers =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    FunctionDescriptor textAndNumber =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    MethodHandle open =
        linker.downcallHandle(linker.defaultLookup().findOrThrow("open"), textAndNumber);
    MethodHandle setns =
        linker.downcallHandle(linker.defaultLookup().findOrThrow("setns"), twoNumbers);
    MethodHandle close = linker.downcallHandle(linker.defaultLookup().findOrThrow("close"), number);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/run/netns/" + name);
      int file = (int) open.invokeExact(path, 0);
      int result = (int) setns.invokeExact(file, CLONE_NEWNET);
      int ignored = (int) close.invokeExact(file);
      if (result != 0) {
        throw new IOException("can't enter " + name + ": these tests need root");
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static String must(List<String> command) throws IOException {
    Command.Result result = Command.run(command);
    if (!result.ok()) {
      throw new IOException(String.join(" ", command) + ": " + result.complaint());
    }
    return result.out();
  }

  @Override
  public void close() throws IOException {
    must(List.of("ip", "netns", "del", name));
  }

  /** Everything that a server says to a client of this namespace before it closes. */
  public String answer(String address, int port) throws Exception {
    return inside(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 3000);
            socket.setSoTimeout(5000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  /** A program that listens on a loopback port of its own, and gives everybody this answer. */
  ServerSocket application(String answer) throws Exception {
    ServerSocket server = inside(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  try (Socket client = server.accept()) {
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                  }
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
    return server;
  }
}
