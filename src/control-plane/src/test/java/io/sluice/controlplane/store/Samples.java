package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.mesh.Mesh;
import io.sluice.resources.policy.TargetRef;
import io.sluice.resources.transparentproxy.MeshTransparentProxy;
import io.sluice.resources.transparentproxy.TransparentProxyConf;
import io.sluice.resources.transparentproxy.TransparentProxyConf.CaptureMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Resources and writes for tests. */
public final class Samples {

  /** Who writes in tests. */
  public static final Author AUTHOR = new Author("test");

  private Samples() {}

  /** A mesh without settings. */
  public static Mesh mesh(String name) {
    return mesh(name, Map.of());
  }

  /** A mesh with labels. */
  public static Mesh mesh(String name, Map<String, String> labels) {
    return new Mesh(
        name, new TreeMap<>(labels), null, null, null, null, null, null, null, List.of(), null);
  }

  /** A dataplane with one inbound of the service {@code web}. */
  public static Dataplane dataplane(String mesh, String name, String address, int port) {
    return dataplane(mesh, name, address, port, Map.of("kuma.io/service", "web"));
  }

  /** A dataplane with one inbound with these tags. */
  public static Dataplane dataplane(
      String mesh, String name, String address, int port, Map<String, String> tags) {
    Inbound inbound =
        new Inbound(
            port, 79, null, null, new TreeMap<>(tags), null, null, Inbound.State.READY, null);
    return dataplane(
        mesh, name, new Networking(address, null, List.of(inbound), List.of(), null, null, null));
  }

  /** A gateway. */
  public static Dataplane gateway(String mesh, String name, Gateway.Kind kind) {
    SortedMap<String, String> tags = new TreeMap<>(Map.of("kuma.io/service", "edge"));
    return dataplane(
        mesh,
        name,
        new Networking(
            "10.9.9.9", null, List.of(), List.of(), new Gateway(tags, kind), null, null));
  }

  private static Dataplane dataplane(String mesh, String name, Networking networking) {
    return new Dataplane(mesh, name, new TreeMap<>(), networking, null, null);
  }

  /** A policy for a whole mesh. */
  public static MeshTransparentProxy policy(String mesh, String name, boolean captured) {
    return policy(mesh, name, null, captured ? CaptureMode.IPTABLES : CaptureMode.NONE);
  }

  /** A policy for one dataplane. */
  public static MeshTransparentProxy policyFor(String mesh, String name, String dataplane) {
    return policy(
        mesh,
        name,
        new TargetRef(TargetRef.Kind.DATAPLANE, dataplane, new TreeMap<>(), List.of(), null),
        CaptureMode.IPTABLES);
  }

  /** What is known about a dataplane's host. */
  public static HostFacts facts(String mesh, String dataplane, int foreignRules) {
    return new HostFacts(
        mesh,
        dataplane,
        HostFacts.Backend.NF_TABLES,
        List.of(),
        true,
        List.of(22),
        List.of(),
        null,
        List.of("lo"),
        List.of(),
        List.of(),
        foreignRules);
  }

  private static MeshTransparentProxy policy(
      String mesh, String name, @Nullable TargetRef target, CaptureMode mode) {
    return new MeshTransparentProxy(
        mesh,
        name,
        new TreeMap<>(),
        new MeshTransparentProxy.Spec(
            target,
            new TransparentProxyConf(mode, null, null, null, null, null, null, null, null)));
  }

  /** A write without a condition. */
  public static Write put(Resource resource) {
    return new Write.Put(resource, new Write.Precondition.Anything(), Optional.empty());
  }

  /** A write that must create. */
  public static Write putNew(Resource resource) {
    return new Write.Put(resource, new Write.Precondition.Absent(), Optional.empty());
  }

  /** A deletion without a condition. */
  public static Write delete(ResourceKey key) {
    return new Write.Delete(key, new Write.Precondition.Anything());
  }
}
