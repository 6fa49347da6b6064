package io.sluice.resources.transparentproxy;

import static java.util.Objects.requireNonNull;

import io.sluice.resources.Resource;
import io.sluice.resources.dataplane.Capture;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.IpFamilyMode;
import io.sluice.resources.dataplane.Mode;
import io.sluice.resources.dataplane.TransparentProxying;
import io.sluice.resources.policy.Selection;
import io.sluice.resources.shape.RecordMerge;
import io.sluice.resources.transparentproxy.TransparentProxyConf.CaptureMode;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Inbound;
import io.sluice.resources.transparentproxy.TransparentProxyConf.IpFamilies;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Outbound;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Redirect;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What holds for one dataplane, and who said so.
 *
 * @param conf every field is given, also the mode
 * @param origins the resource that gave a value, by the setting's path in {@link
 *     TransparentProxyConf}, such as {@code redirect.inbound.excludePorts}: {@code
 *     MeshTransparentProxy web}, {@code Dataplane web-01} or {@code default}
 */
public record EffectiveTransparentProxy(
    TransparentProxyConf conf, SortedMap<String, String> origins) {

  /** The origin of what nobody says. */
  public static final String DEFAULT = "default";

  /** Copies the origins, sorted. */
  public EffectiveTransparentProxy {
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  /**
   * What the policies and the dataplane say together. The dataplane's own redirect ports and IP
   * families win; the policies' mode wins over the one that redirect ports imply.
   *
   * @param policies those that do not select the dataplane do not count
   */
  public static EffectiveTransparentProxy of(
      Collection<MeshTransparentProxy> policies, Dataplane dataplane) {
    Merged merged = new Merged();
    merged.add(TransparentProxyConf.DEFAULTS, DEFAULT);
    boolean redirects = dataplane.redirects();
    merged.add(
        mode(redirects ? CaptureMode.IPTABLES : CaptureMode.NONE),
        redirects ? origin(dataplane) : DEFAULT);
    for (MeshTransparentProxy policy : Selection.of(policies, dataplane)) {
      merged.add(policy.conf(), origin(policy));
    }
    TransparentProxying own = dataplane.networking().transparentProxying();
    if (own != null) {
      merged.add(own(own), origin(dataplane));
    }
    return new EffectiveTransparentProxy(merged.conf, merged.origins);
  }

  /** How traffic reaches the proxy. eBPF is captured by iptables until the agent has programs. */
  public Mode mode() {
    return conf.mode() == CaptureMode.NONE ? Mode.NONE : Mode.IPTABLES;
  }

  /** Whether what the host's programs send is captured, so that they reach services by name. */
  public boolean capturesOutbound() {
    return mode() == Mode.IPTABLES
        && requireNonNull(requireNonNull(requireNonNull(conf.redirect()).outbound()).enabled());
  }

  /**
   * What {@link #capturesOutbound()} would say, without merging all the rest: it is asked whenever
   * anything of a mesh changes.
   *
   * @param policies those that do not select the dataplane do not count
   */
  public static boolean capturesOutbound(
      Collection<MeshTransparentProxy> policies, Dataplane dataplane) {
    boolean captured = dataplane.redirects();
    boolean enabled = enabled(TransparentProxyConf.DEFAULTS).orElse(true);
    for (MeshTransparentProxy policy : Selection.of(policies, dataplane)) {
      CaptureMode mode = policy.conf().mode();
      captured = mode == null ? captured : mode != CaptureMode.NONE;
      enabled = enabled(policy.conf()).orElse(enabled);
    }
    return captured && enabled;
  }

  private static Optional<Boolean> enabled(TransparentProxyConf conf) {
    return Optional.ofNullable(conf.redirect()).map(Redirect::outbound).map(Outbound::enabled);
  }

  /** How traffic reaches the proxy, and where it takes it. */
  public Capture capture() {
    Redirect redirect = requireNonNull(conf.redirect());
    return new Capture(
        mode(),
        requireNonNull(requireNonNull(redirect.inbound()).port()),
        requireNonNull(requireNonNull(redirect.outbound()).port()),
        requireNonNull(requireNonNull(redirect.dns()).port()));
  }

  /** The settings and their values as a document writes them, by path. */
  public SortedMap<String, JsonNode> values() {
    return RecordMerge.leaves(conf);
  }

  /** The address families that are captured. */
  public IpFamilyMode ipFamilyMode() {
    return conf.ipFamilyMode() == IpFamilies.IPV4 ? IpFamilyMode.IPV4 : IpFamilyMode.DUAL_STACK;
  }

  private static TransparentProxyConf mode(CaptureMode mode) {
    return new TransparentProxyConf(mode, null, null, null, null, null, null, null, null);
  }

  private static TransparentProxyConf own(TransparentProxying own) {
    return new TransparentProxyConf(
        null,
        families(own.ipFamilyMode()),
        null,
        null,
        null,
        null,
        new Redirect(
            new Inbound(null, own.redirectPortInbound(), null, null, null, null, null),
            new Outbound(null, own.redirectPortOutbound(), null, null, null, null, null),
            null,
            null),
        null,
        null);
  }

  private static @Nullable IpFamilies families(@Nullable IpFamilyMode mode) {
    return switch (mode) {
      case null -> null;
      case DUAL_STACK -> IpFamilies.DUAL_STACK;
      case IPV4 -> IpFamilies.IPV4;
    };
  }

  private static String origin(Resource resource) {
    return resource.type() + " " + resource.name();
  }

  private static final class Merged {

    private TransparentProxyConf conf = TransparentProxyConf.NOTHING;
    private final SortedMap<String, String> origins = new TreeMap<>();

    private void add(TransparentProxyConf upper, String origin) {
      conf = RecordMerge.merge(conf, upper);
      RecordMerge.leaves(upper).keySet().forEach(path -> origins.put(path, origin));
    }
  }
}
