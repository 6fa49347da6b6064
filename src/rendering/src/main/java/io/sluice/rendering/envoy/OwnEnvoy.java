package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import io.sluice.resources.net.HostPort;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a dataplane's Envoy is told that depends on no service of its mesh.
 *
 * @param files by path within {@code envoy/}
 * @param folder those files as a folder
 * @param places where its inbounds, their workloads and its outbounds take connections: no listener
 *     that leads to others may stand there
 */
public record OwnEnvoy(SortedMap<String, Content> files, Folder folder, Set<HostPort> places) {

  /** Copies the collections. */
  public OwnEnvoy {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    places = Set.copyOf(places);
  }

  static OwnEnvoy of(SortedMap<String, Content> files, Set<HostPort> places) {
    return new OwnEnvoy(files, Folder.ofPaths(files), places);
  }

  /** The folder with some files more. */
  Folder and(SortedMap<String, Content> more) {
    if (more.isEmpty()) {
      return folder;
    }
    SortedMap<String, Content> all = new TreeMap<>(files);
    all.putAll(more);
    return Folder.ofPaths(all);
  }
}
