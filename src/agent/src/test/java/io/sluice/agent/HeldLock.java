package io.sluice.agent;

import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The lock of iptables, held by another program for as long as a test wants: programs that load no
 * rule meanwhile and say why, for the lock itself is the whole machine's.
 */
final class HeldLock implements AutoCloseable {

  private final Path folder;

  /** Held from now on; the agent finds the programs with {@link AgentOnHost#programsFrom}. */
  HeldLock(String backend) throws IOException {
    folder = Files.createTempDirectory("sluice-lock");
    Files.createFile(folder.resolve("held"));
    String kind = backend.equals("legacy") ? "-legacy" : "-nft";
    for (String name : List.of("iptables" + kind + "-restore", "ip6tables" + kind + "-restore")) {
      String real = Command.run(List.of("sh", "-c", "command -v " + name)).out().strip();
      Path program = folder.resolve(name);
      Files.writeString(
          program,
          """
          #!/bin/sh
          if [ -e '%s/held' ]; then
            echo 'Another app is currently holding the xtables lock.' >&2
            exit 4
          fi
          exec '%s' "$@"
          """
              .formatted(folder, real));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  Path programs() {
    return folder;
  }

  void release() throws IOException {
    Files.deleteIfExists(folder.resolve("held"));
  }

  @Override
  public void close() throws IOException {
    HostFiles.deleteTree(folder);
  }
}
