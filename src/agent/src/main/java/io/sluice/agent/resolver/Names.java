package io.sluice.agent.resolver;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The two files that dnsmasq reads at its start and at each SIGHUP. */
final class Names {

  static final String HOSTS = "hosts";
  static final String SERVERS = "servers";

  private final Path folder;

  Names(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes what a plan answers, and whom it asks for the rest.
   *
   * @return whether anything changed
   */
  boolean write(Plan plan, List<String> upstreams) throws IOException {
    HostFiles.createFolder(folder);
    StringBuilder servers = new StringBuilder();
    // A domain without a server: what is not in the hosts file does not exist.
    plan.domains().forEach(domain -> servers.append("server=/").append(domain).append("/\n"));
    upstreams.forEach(server -> servers.append("server=").append(server).append('\n'));
    boolean changed = replace(HOSTS, plan.hosts());
    return replace(SERVERS, servers.toString()) || changed;
  }

  private boolean replace(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    if (HostFiles.text(file).equals(Optional.of(content))) {
      return false;
    }
    // Not durable: after a loss of power they are written anew before dnsmasq is started.
    Path beside = folder.resolve("." + name + ".new");
    Files.writeString(beside, content);
    HostFiles.readableByGroup(beside);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }
}
