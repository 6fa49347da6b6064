package io.sluice.controlplane.store;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.dataplane.Networking;
import io.sluice.resources.mesh.Mesh;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
            port, 80, null, null, new TreeMap<>(tags), null, null, Inbound.State.READY, null);
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
