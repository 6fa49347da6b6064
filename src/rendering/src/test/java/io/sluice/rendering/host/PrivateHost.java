package io.sluice.rendering.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network of its own in which root may load rules, with the user and the group that rules name.
 * Those are in files that are mounted over the machine's for the one command: nobody is added to
 * the machine.
 */
public final class PrivateHost {

  private final Path folder;

  /** A host whose files are in a folder. */
  public PrivateHost(Path folder) {
    assertThat(System.getProperty("user.name"))
        .as("loading firewall rules into a namespace takes root: run the tests as root")
        .isEqualTo("root");
    this.folder = folder;
    with("passwd", "sluice-proxy:x:64001:64002::/nonexistent:/usr/sbin/nologin");
    with("group", "sluice:x:64002:");
  }

  /** Runs shell commands in a new network. */
  public Program.Result run(String script) {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", "-e", "-c"));
    command.add(
        "mount --bind passwd /etc/passwd; mount --bind group /etc/group; ip link set lo up; "
            + script);
    return Program.run(folder, command);
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
