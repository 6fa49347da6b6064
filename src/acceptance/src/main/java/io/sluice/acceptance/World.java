package io.sluice.acceptance;

import io.sluice.acceptance.process.AgentProcess;
import io.sluice.acceptance.process.Checkout;
import io.sluice.acceptance.process.ControlPlaneProcess;
import io.sluice.acceptance.process.DockerEngine;
import io.sluice.acceptance.process.OperatorClient;
import io.sluice.acceptance.topology.Host;
import io.sluice.acceptance.topology.RunFolder;
import io.sluice.acceptance.topology.Topology;
import io.sluice.acceptance.traffic.EchoApplication;
import io.sluice.acceptance.traffic.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A small world with a control plane in it. Nothing of it is left when it is closed, or when its
 * process is asked to end; what a SIGKILL leaves, the next world removes.
 */
public final class World implements AutoCloseable {

  private static final int CONTROL_PLANE = 2;
  private static final int FIRST = 100;

  private final Checkout checkout = Checkout.find();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Thread hook = new Thread(this::remove, "remove the world");
  private final RunFolder run;
  private final Topology topology;
  private final ControlPlaneProcess controlPlane;
  private final Relay relay;
  private final OperatorClient operator;
  private int next = FIRST;
  private boolean removed;

  private World(int port, String... options) throws IOException {
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      run = part(RunFolder.open());
      topology = part(new Topology(run));
      Host host = topology.host("control-plane", CONTROL_PLANE);
      controlPlane =
          part(
              ControlPlaneProcess.start(
                  checkout,
                  host,
                  run.path().resolve("database"),
                  run.path().resolve("control-plane.log"),
                  topology.names(),
                  options));
      relay = part(Relay.start(port, host, ControlPlaneProcess.OPERATORS));
      operator = part(new OperatorClient(relay.port()));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Makes the network and starts a control plane, without waiting for it.
   *
   * @param port of this machine's loopback for the operators' API, or the next free one; 0 for any
   * @param options more options of the control plane
   */
  public static World create(int port, String... options) throws IOException {
    return new World(port, options);
  }

  /** Adds a host; the number is the last part of its addresses. */
  public Host host(String name, int number) {
    return topology.host(name, number);
  }

  /** Adds a host at the next free addresses. */
  public Host host(String name) {
    return topology.host(name, next++);
  }

  /** Starts an application on a host. */
  public EchoApplication application(String name, Host host, String address, int port)
      throws IOException {
    return part(EchoApplication.start(name, host, address, port));
  }

  /** Starts a Docker engine on a host. */
  public DockerEngine docker(Host host) {
    return part(DockerEngine.start(topology, host, run.path()));
  }

  /** Starts the agent of a dataplane of the mesh {@code default}, with a token of its own. */
  public AgentProcess agent(Host host, String dataplane, String... options) {
    return agentIn("default", host, dataplane, options);
  }

  /** Starts the agent of a dataplane of a mesh, with a token of its own. */
  public AgentProcess agentIn(String mesh, Host host, String dataplane, String... options) {
    AgentProcess.Enrolment enrolment =
        new AgentProcess.Enrolment(
            controlPlane.agentsAddress(), operator.fingerprint(), operator.token(mesh, dataplane));
    List<String> all = new ArrayList<>(List.of("--mesh=" + mesh, "--name=" + dataplane));
    all.addAll(List.of(options));
    return part(AgentProcess.start(checkout, host, run.path(), enrolment, all));
  }

  /** The control plane. */
  public ControlPlaneProcess controlPlane() {
    return controlPlane;
  }

  /** Its operator. */
  public OperatorClient operator() {
    return operator;
  }

  /** The checkout whose artifacts run. */
  public Checkout checkout() {
    return checkout;
  }

  /** The folder of this run. */
  public Path folder() {
    return run.path();
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook has waited for us, or we for it.
    }
  }

  private synchronized <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    if (removed) { // the process was asked to end while this part was made
      removed = false;
      remove();
      throw new IllegalStateException("interrupted");
    }
    return part;
  }

  private synchronized void remove() {
    if (removed) {
      return;
    }
    removed = true;
    RuntimeException failure = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException e) {
        failure = new UncheckedIOException(e);
      } catch (Exception e) { // what AutoCloseable declares; the rest must be closed all the same
        failure = new IllegalStateException(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
