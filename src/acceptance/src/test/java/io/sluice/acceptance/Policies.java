package io.sluice.acceptance;

/** The MeshTransparentProxies of tests, as YAML. */
public final class Policies {

  /** Where those of the mesh {@code default} are. */
  public static final String PATH = "/meshes/default/meshtransparentproxies";

  private Policies() {}

  /**
   * For every dataplane of the mesh.
   *
   * @param conf what stands under {@code default}
   */
  public static String forAll(String name, String conf) {
    return policy(name, "{kind: Mesh}", conf);
  }

  /** For the one dataplane that has the policy's name. */
  public static String forOne(String name, String conf) {
    return policy(name, "{kind: Dataplane, name: " + name + "}", conf);
  }

  private static String policy(String name, String target, String conf) {
    return """
        type: MeshTransparentProxy
        mesh: default
        name: %s
        spec:
          targetRef: %s
          default:
        """
            .formatted(name, target)
        + conf.indent(4);
  }
}
