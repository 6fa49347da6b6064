package io.sluice.rendering.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network namespace in which root may load rules, with the user and the group that rules name.
 * Those are in files that are mounted over the machine's for one command at a time: nobody is added
 * to the machine.
 */
public final class PrivateHost implements AutoCloseable {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final Path folder;
  private final String namespace =
      "rendering-%d-%d".formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet());

  /** A host on which commands run in a folder. */
  public PrivateHost(Path folder) {
    assertThat(System.getProperty("user.name"))
        .as("loading firewall rules into a namespace takes root: run the tests as root")
        .isEqualTo("root");
    this.folder = folder;
    with("passwd", "sluice-proxy:x:64001:64002::/nonexistent:/usr/sbin/nologin");
    with("group", "sluice:x:64002:");
    onMachine("ip", "netns", "add", namespace);
    onMachine("ip", "-n", namespace, "link", "set", "lo", "up");
  }

  /** The name that {@code ip netns} knows. */
  public String namespace() {
    return namespace;
  }

  /** Runs shell commands until the first that fails. */
  public Program.Result run(String script) {
    return Program.run(folder, command(script));
  }

  /** The command that runs shell commands on this host. */
  List<String> command(String script) {
    return List.of(
        "ip",
        "netns",
        "exec",
        namespace,
        "unshare",
        "--mount",
        "sh",
        "-e",
        "-c",
        "mount --bind passwd /etc/passwd; mount --bind group /etc/group; " + script);
  }

  /** Where its files are, and its commands run. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    onMachine("ip", "netns", "del", namespace);
  }

  private void onMachine(String... command) {
    assertThat(Program.run(folder, List.of(command))).isEqualTo(new Program.Result(0, ""));
  }

  private void with(String name, String line) {
    try (Stream<String> lines = Files.lines(Path.of("/etc", name))) {
      String others =
          lines.filter(other -> !other.startsWith("sluice")).collect(Collectors.joining("\n"));
      Files.writeString(folder.resolve(name), others + "\n" + line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
