package io.sluice.resources.transparentproxy;

import io.sluice.resources.policy.Policy;
import io.sluice.resources.policy.TargetRef;
import io.sluice.resources.shape.Spelled;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the traffic of the dataplanes that it selects is captured: what others keep in flags on every
 * host.
 *
 * @param mesh the mesh whose dataplanes it may select
 * @param name unique among the policies of this type in the mesh
 */
public record MeshTransparentProxy(
    String mesh, String name, SortedMap<String, String> labels, Spec spec) implements Policy {

  /** The document's {@code type}. */
  public static final String TYPE = "MeshTransparentProxy";

  /** Copies the labels, sorted. */
  public MeshTransparentProxy {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public @Nullable TargetRef targetRef() {
    return spec.targetRef;
  }

  /** What it says, which may be nothing. */
  public TransparentProxyConf conf() {
    return spec.conf == null ? TransparentProxyConf.NOTHING : spec.conf;
  }

  /** Whom it selects, and what it says of them. */
  public record Spec(
      @Nullable TargetRef targetRef, @Spelled("default") @Nullable TransparentProxyConf conf) {}
}
