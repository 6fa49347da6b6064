package io.sluice.agent.envoy;

import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Tree;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Envoy is given, one resource a file: a bundle has those of its dataplane in {@code envoy/},
 * and in {@code mesh/} those that it has in common with others. Envoy sees no difference.
 */
enum ResourceKind {
  LISTENER("listeners"),
  CLUSTER("clusters"),
  ENDPOINTS("endpoints");

  private final String own;
  private final String shared;

  ResourceKind(String folder) {
    this.own = "envoy/" + folder + '/';
    this.shared = "mesh/" + folder + '/';
  }

  /** Whether a file of this path is one. */
  boolean has(String path) {
    return (path.startsWith(own) || path.startsWith(shared))
        && path.endsWith(".json")
        && path.indexOf('/', path.indexOf('/') + 1) == path.lastIndexOf('/');
  }

  /** The paths of a bundle's, by the file's name. */
  SortedMap<String, String> in(Tree tree) {
    TreeMap<String, String> paths = new TreeMap<>();
    for (String folder : List.of(own, shared)) {
      for (String path : tree.filesIn(folder).keySet()) {
        paths.put(path.substring(folder.length()), path);
      }
    }
    return paths;
  }

  /** The path of the resource with the same name of another kind. */
  String sibling(String path, ResourceKind other) {
    boolean isOwn = path.startsWith(own);
    String name = path.substring((isOwn ? own : shared).length());
    return (isOwn ? other.own : other.shared) + name;
  }

  /** Refuses a bundle with two of the same file name, of which Envoy would get only one. */
  void demandDistinct(Tree tree) throws RefusedException {
    for (String path : tree.filesIn(own).keySet()) {
      String other = shared + path.substring(own.length());
      if (tree.file(other).isPresent()) {
        throw new RefusedException("the bundle has both " + path + " and " + other);
      }
    }
  }
}
