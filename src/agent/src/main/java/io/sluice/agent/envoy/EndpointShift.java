package io.sluice.agent.envoy;

import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.RefusedException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Other endpoints for clusters that Envoy has. Each cluster tells the version of the endpoints that
 * it has taken, so that nothing else need be looked at.
 */
final class EndpointShift {

  private static final long TAKE_NANOS = 15_000_000_000L;

  /** So long it only asks for versions, which costs Envoy a fraction of what counters do. */
  private static final long SOON_NANOS = 300_000_000L;

  /** Of more clusters the names do not fit into a request. */
  private static final int MOST_NAMED = 100;

  private final LiveFolder live;
  private final AdminSocket admin;
  private Optional<Long> refusedBefore = Optional.empty();

  EndpointShift(LiveFolder live, AdminSocket admin) {
    this.live = live;
    this.admin = admin;
  }

  /** Another Envoy runs, which counts anew, or this one is given endpoints otherwise. */
  void forget() {
    refusedBefore = Optional.empty();
  }

  /**
   * Makes it, and waits until Envoy has taken all.
   *
   * @param paths of the endpoints that differ
   * @param alive whether Envoy still runs
   * @return whether it could be made so: not when a file does not say which version it is, nor when
   *     one of before can't be read any more
   * @throws RefusedException if Envoy does not take them
   */
  boolean make(
      Generation before, Generation target, Collection<String> paths, BooleanSupplier alive)
      throws IOException, RefusedException {
    if (paths.isEmpty()) {
      return true;
    }
    Map<String, String> versions = new HashMap<>();
    for (String path : paths) {
      String version = version(target.read(path));
      String old = versionBefore(before, path);
      if (version.isEmpty() || old.isEmpty() || version.equals(old)) {
        return false;
      }
      versions.put(
          statistic(target.read(ResourceKind.ENDPOINTS.sibling(path, ResourceKind.CLUSTER))),
          version);
    }
    if (refusedBefore.isEmpty()) {
      refusedBefore = Optional.of(admin.endpointsRefused(List.of()));
    }
    live.replaceEndpoints(target, paths);
    await(versions, alive);
    return true;
  }

  private void await(Map<String, String> versions, BooleanSupplier alive)
      throws IOException, RefusedException {
    Collection<String> asked = versions.size() > MOST_NAMED ? List.of() : versions.keySet();
    long began = System.nanoTime();
    while (!taken(versions, asked)) {
      long waited = System.nanoTime() - began;
      if (waited > SOON_NANOS && admin.endpointsRefused(List.of()) > refusedBefore.orElse(0L)) {
        refusedBefore = Optional.empty();
        throw new RefusedException("Envoy refuses endpoints of " + versions.keySet());
      }
      if (!alive.getAsBoolean()) {
        throw new RefusedException("Envoy ended when it was given endpoints");
      }
      if (waited > TAKE_NANOS) {
        throw new RefusedException("Envoy does not take endpoints of " + versions.keySet());
      }
      EnvoyLauncher.pause();
    }
  }

  private boolean taken(Map<String, String> versions, Collection<String> asked) throws IOException {
    Map<String, String> now = admin.endpointVersions(asked);
    return versions.entrySet().stream()
        .allMatch(each -> each.getValue().equals(now.get(each.getKey())));
  }

  /** Empty also if the disk has it no more: what comes must not depend on it. */
  private static String versionBefore(Generation before, String path) throws RefusedException {
    try {
      return version(before.read(path));
    } catch (IOException e) {
      return "";
    }
  }

  private static String version(byte[] endpoints) throws RefusedException {
    String[] version = {""};
    JsonScanner.scan(
        endpoints,
        (field, value) -> {
          if (field.equals("versionInfo") || field.equals("version_info")) {
            version[0] = value;
          }
        });
    return version[0];
  }

  /** The name of a cluster as Envoy has it in statistics. */
  private static String statistic(byte[] cluster) throws RefusedException {
    String[] name = {"", ""};
    JsonScanner.scan(
        cluster,
        (field, value) -> {
          switch (field) {
            case "name" -> name[0] = value;
            case "altStatName", "alt_stat_name" -> name[1] = value;
            default -> {}
          }
        });
    return (name[1].isEmpty() ? name[0] : name[1]).replace(':', '_');
  }
}
