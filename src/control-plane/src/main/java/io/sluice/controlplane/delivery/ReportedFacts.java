package io.sluice.controlplane.delivery;

import io.sluice.controlplane.http.ResourceDocuments;
import io.sluice.controlplane.security.DataplaneToken;
import io.sluice.controlplane.store.Author;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.controlplane.store.ResourceStore;
import io.sluice.controlplane.store.Write;
import io.sluice.resources.host.FactsText;
import io.sluice.resources.host.HostFacts;
import io.sluice.resources.validation.InvalidResource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Keeps what agents find on their hosts, for which bundles are then rendered. */
@Component
class ReportedFacts {

  private final ResourceStore store;

  ReportedFacts(ResourceStore store) {
    this.store = store;
  }

  /** Keeps the facts of the caller's host; equal ones write nothing. */
  void put(DataplaneToken caller, byte[] text) {
    store.write(
        List.of(
            new Write.Put(
                facts(caller, new String(text, StandardCharsets.UTF_8)),
                new Write.Precondition.Anything(),
                Optional.empty())),
        Author.agentOf(ResourceKey.dataplane(caller.mesh(), caller.name())));
  }

  private static HostFacts facts(DataplaneToken caller, String text) {
    try {
      return FactsText.parse(text, caller.mesh(), caller.name());
    } catch (InvalidResource e) {
      throw ResourceDocuments.invalid(e.violations());
    }
  }
}
