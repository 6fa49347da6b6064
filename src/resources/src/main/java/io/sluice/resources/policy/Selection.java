package io.sluice.resources.policy;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.dataplane.Inbound;
import io.sluice.resources.policy.TargetRef.Kind;
import io.sluice.resources.policy.TargetRef.ProxyType;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which policies count for a dataplane, and which of them wins: Kuma 2.9's rules for policies that
 * say one thing of a whole proxy. A policy counts as soon as it selects one inbound.
 */
public final class Selection {

  /** A policy with this label, set to {@code shadow}, is kept and not in force. */
  public static final String EFFECT_LABEL = "kuma.io/effect";

  /** The name by which policies are ordered, where it is not the resource's own. */
  private static final String DISPLAY_NAME_LABEL = "kuma.io/display-name";

  private static final String ANY = "*";

  private Selection() {}

  /** The policies in force that select the dataplane, those that win last. */
  public static <P extends Policy> List<P> of(Collection<P> policies, Dataplane dataplane) {
    return policies.stream().filter(policy -> selects(policy, dataplane)).sorted(order()).toList();
  }

  /** Whether a policy is in force and selects the dataplane. */
  public static boolean selects(Policy policy, Dataplane dataplane) {
    return policy.mesh().equals(dataplane.mesh())
        && !isShadow(policy)
        && (policy.targetRef() == null || matches(policy.targetRef(), dataplane));
  }

  /** Whether a policy is only tried out. */
  public static boolean isShadow(Policy policy) {
    return "shadow".equals(policy.labels().get(EFFECT_LABEL));
  }

  /** What wins comes last: the more specific kind, then the alphabetically first name. */
  private static Comparator<Policy> order() {
    return Comparator.comparing((Policy policy) -> kind(policy.targetRef()))
        .thenComparing(Selection::displayName, Comparator.reverseOrder())
        .thenComparing(Policy::name, Comparator.reverseOrder());
  }

  private static Kind kind(@Nullable TargetRef target) {
    return target == null || target.kind() == null ? Kind.MESH : target.kind();
  }

  private static String displayName(Policy policy) {
    return policy.labels().getOrDefault(DISPLAY_NAME_LABEL, policy.name());
  }

  private static boolean matches(TargetRef target, Dataplane dataplane) {
    return switch (kind(target)) {
      case MESH -> isAmong(target.proxyTypes(), dataplane);
      case MESH_SUBSET ->
          isAmong(target.proxyTypes(), dataplane)
              && tagSets(dataplane).anyMatch(tags -> have(tags, target.tags()));
      case MESH_SERVICE -> tagSets(dataplane).anyMatch(tags -> offers(tags, target.name()));
      case MESH_SERVICE_SUBSET ->
          tagSets(dataplane)
              .anyMatch(tags -> offers(tags, target.name()) && have(tags, target.tags()));
      case DATAPLANE -> dataplane.name().equals(target.name());
    };
  }

  private static boolean isAmong(List<ProxyType> types, Dataplane dataplane) {
    ProxyType type =
        dataplane.networking().gateway() == null ? ProxyType.SIDECAR : ProxyType.GATEWAY;
    return types.isEmpty() || types.contains(type);
  }

  /** The tags of each inbound by itself, as those of several are not united, and of a gateway. */
  private static Stream<SortedMap<String, String>> tagSets(Dataplane dataplane) {
    Gateway gateway = dataplane.networking().gateway();
    return Stream.concat(
        dataplane.networking().inbound().stream()
            .filter(inbound -> inbound.state() != Inbound.State.IGNORED)
            .map(Inbound::tags),
        Stream.ofNullable(gateway).map(Gateway::tags));
  }

  private static boolean offers(Map<String, String> tags, @Nullable String service) {
    return service != null && service.equals(tags.get(Inbound.SERVICE_TAG));
  }

  private static boolean have(Map<String, String> tags, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(
            tag -> {
              String value = tags.get(tag.getKey());
              return value != null && (tag.getValue().equals(ANY) || tag.getValue().equals(value));
            });
  }
}
