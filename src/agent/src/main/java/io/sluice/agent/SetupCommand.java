package io.sluice.agent;

import io.sluice.agent.host.Accounts;
import io.sluice.agent.host.Command;
import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code setup}: group, user and folder, and a look at what the host must have. */
final class SetupCommand {

  private final Options options;
  private final PrintStream out;

  SetupCommand(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  int run() throws IOException {
    boolean dry = options.has("dry-run");
    if (!dry && Accounts.self().uid() != 0) {
      throw new IOException("setup creates users and folders: run it as root, or with --dry-run");
    }
    Optional<Long> group = Accounts.group(Accounts.GROUP);
    if (group.isEmpty()) {
      act(dry, "create group " + Accounts.GROUP, "groupadd", "--system", Accounts.GROUP);
    } else {
      out.println("group " + Accounts.GROUP + ": is there");
    }
    user(Accounts.PROXY_USER, dry, group);
    user(Accounts.RESOLVER_USER, dry, group);
    folder(dry, options.stateFolder().toAbsolutePath());
    return lacking() ? ExitCode.FAILED : ExitCode.OK;
  }

  private void user(String name, boolean dry, Optional<Long> group) throws IOException {
    Optional<Accounts.User> user = Accounts.user(name);
    if (user.isEmpty()) {
      act(
          dry,
          "create user " + name,
          "useradd",
          "--system",
          "--no-create-home",
          "--home-dir",
          "/nonexistent",
          "--shell",
          "/usr/sbin/nologin",
          "--gid",
          Accounts.GROUP,
          name);
    } else if (group.isEmpty() || user.get().gid() != group.get()) {
      act(
          dry,
          "make " + Accounts.GROUP + " the primary group of user " + name,
          "usermod",
          "--gid",
          Accounts.GROUP,
          name);
    } else {
      out.println("user " + name + ": is there");
    }
  }

  private void folder(boolean dry, Path state) throws IOException {
    if (dry) {
      out.println((Files.isDirectory(state) ? "is there: " : "would create ") + "folder " + state);
      return;
    }
    boolean there = Files.isDirectory(state);
    HostFiles.createFolder(state);
    long group =
        Accounts.group(Accounts.GROUP)
            .orElseThrow(() -> new IOException("group " + Accounts.GROUP + " was not created"));
    Files.setAttribute(state, "unix:gid", Math.toIntExact(group));
    out.println("folder " + state + (there ? ": is there" : ": created"));
  }

  private void act(boolean dry, String what, String... command) throws IOException {
    if (dry) {
      out.println("would " + what + ": " + String.join(" ", command));
      return;
    }
    Command.Result result = Command.run(List.of(command));
    if (!result.ok()) {
      throw new IOException("can't " + what + ": " + result.complaint());
    }
    out.println(what + ": done");
  }

  private boolean lacking() {
    List<String> missing = new ArrayList<>();
    for (String program :
        List.of("iptables", "ip6tables", "ip", "setpriv", "setsid", options.envoy())) {
      boolean there = Command.exists(program);
      out.println(program + (there ? ": is there" : ": MISSING"));
      if (!there) {
        missing.add(program);
      }
    }
    Optional<Path> dnsmasq = options.dnsmasq().file();
    out.println(
        dnsmasq.isPresent()
            ? "dnsmasq: is there"
            : "dnsmasq: not there, so that DNS is not captured. Debian and Ubuntu: apt-get install"
                + " dnsmasq-base; elsewhere the package dnsmasq");
    if (!missing.isEmpty()) {
      out.println(
          "Install what is missing. Debian and Ubuntu: apt-get install iptables iproute2"
              + " util-linux. Envoy: see https://www.envoyproxy.io/docs/envoy/latest/start/install,"
              + " then --envoy PATH.");
    }
    return !missing.isEmpty();
  }
}
