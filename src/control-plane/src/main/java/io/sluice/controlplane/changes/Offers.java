package io.sluice.controlplane.changes;

import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.StoredResource;
import io.sluice.rendering.services.Catalogue;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** What a change of one resource changes of what its mesh offers. */
public final class Offers {

  private static final Set<String> TYPES =
      Set.of(
          Dataplane.TYPE,
          DataplaneHealth.TYPE,
          DataplanePresence.TYPE,
          ResolvedAddress.TYPE,
          VirtualAddress.TYPE,
          VirtualOutbound.TYPE);

  private Offers() {}

  /** The types of which a mesh's catalogue is made. */
  public static Set<String> types() {
    return TYPES;
  }

  /** A catalogue with a resource as it is now. */
  public static Catalogue with(Catalogue catalogue, StoredResource changed) {
    return switch (changed.resource()) {
      case Dataplane dataplane -> catalogue.with(dataplane);
      case DataplaneHealth health -> catalogue.with(health);
      case DataplanePresence presence -> catalogue.with(presence);
      case ResolvedAddress resolved -> catalogue.with(resolved);
      case VirtualAddress address -> catalogue.with(address);
      case VirtualOutbound outbound ->
          catalogue.with(outbound, ChronoUnit.MICROS.between(Instant.EPOCH, changed.created()));
      default -> catalogue;
    };
  }

  /** A catalogue without a resource that is gone. */
  public static Catalogue without(Catalogue catalogue, ResourceKey gone) {
    return switch (gone.type()) {
      case Dataplane.TYPE -> catalogue.withoutDataplane(gone.name());
      case DataplaneHealth.TYPE -> catalogue.withoutHealth(gone.name());
      case DataplanePresence.TYPE -> catalogue.withoutPresence(gone.name());
      case ResolvedAddress.TYPE -> catalogue.withoutResolved(gone.name());
      case VirtualOutbound.TYPE -> catalogue.withoutVirtualOutbound(gone.name());
      case VirtualAddress.TYPE -> catalogue.withoutVirtualAddress(gone.name());
      default -> catalogue;
    };
  }
}
