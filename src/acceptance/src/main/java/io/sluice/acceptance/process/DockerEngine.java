package io.sluice.acceptance.process;

import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.topology.Topology;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Docker engine of a host's own: its bridge, rules and containers are in the host's network
 * namespace, its data in the run's folder, and what it mounts in a mount namespace that ends with
 * it.
 */
public final class DockerEngine implements AutoCloseable {

  /** The network of its bridge {@code docker0}. */
  public static final String NETWORK = "172.31.249.0/24";

  /** The same for IPv6. */
  public static final String NETWORK6 = "fd00:31:249::/64";

  private static final String GATEWAY = "172.31.249.1/24";
  private static final String IMAGE = "sluice-empty:local";
  private static final Duration START = Duration.ofSeconds(60);

  private final Topology topology;
  private final Daemon daemon;
  private final String address;
  private final List<String> containers = new ArrayList<>();

  private DockerEngine(Topology topology, Daemon daemon, String address) {
    this.topology = topology;
    this.daemon = daemon;
    this.address = address;
  }

  /**
   * Starts an engine and waits until it answers.
   *
   * @param folder of the run
   */
  public static DockerEngine start(Topology topology, Host host, Path folder) {
    Path data = folder.resolve("docker-" + host.name());
    String address = "unix://" + data.resolve("docker.sock");
    Command.run("mkdir", data.toString());
    Daemon daemon =
        Daemon.start(
            host.namespace()
                .command(
                    "unshare",
                    "--mount",
                    "dockerd",
                    "--data-root=" + data.resolve("data"),
                    "--exec-root=" + data.resolve("exec"),
                    "--pidfile=" + data.resolve("pid"),
                    "--host=" + address,
                    "--bip=" + GATEWAY,
                    "--ipv6",
                    "--fixed-cidr-v6=" + NETWORK6),
            Map.of(),
            folder.resolve("dockerd-" + host.name() + ".log"));
    DockerEngine engine = new DockerEngine(topology, daemon, address);
    try {
      daemon.await(
          "it answers",
          START,
          () -> Command.attempt(List.of("docker", "--host=" + address, "info")).status() == 0);
      Command.run(
          "sh", "-c", "tar -c -T /dev/null | docker --host=" + address + " import - " + IMAGE);
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /**
   * Starts a container that does nothing: its image is empty, and the machine's own programs are
   * mounted into it.
   *
   * @param publish ports in the form {@code 8080:80}
   * @return the container as a host, in whose network applications and clients can be started
   */
  public Host container(String name, String... publish) {
    containers.add(name);
    List<String> run = new ArrayList<>(List.of("run", "--detach", "--name=" + name));
    for (String folder : List.of("/usr", "/lib", "/lib64")) {
      if (Path.of(folder).toFile().isDirectory()) {
        run.add("--volume=" + folder + ":" + folder + ":ro");
      }
    }
    for (String port : publish) {
      run.add("--publish=" + port);
    }
    run.addAll(List.of(IMAGE, "/usr/bin/sleep", "infinity"));
    docker(run.toArray(String[]::new));
    return topology.adopt(
        name,
        Long.parseLong(inspect(name, "{{.State.Pid}}")),
        InetAddress.ofLiteral(inspect(name, "{{.NetworkSettings.IPAddress}}")),
        InetAddress.ofLiteral(inspect(name, "{{.NetworkSettings.GlobalIPv6Address}}")));
  }

  private String inspect(String name, String format) {
    return docker("inspect", "--format=" + format, name).strip();
  }

  private String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "--host=" + address));
    command.addAll(List.of(arguments));
    return Command.run(command);
  }

  /** Ends the containers and the engine. */
  @Override
  public void close() {
    if (daemon.isAlive() && !containers.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "--force"));
      remove.addAll(containers);
      docker(remove.toArray(String[]::new));
    }
    daemon.end();
  }
}
