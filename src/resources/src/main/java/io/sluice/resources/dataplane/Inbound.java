package io.sluice.resources.dataplane;

import io.sluice.resources.shape.NotActedOn;
import io.sluice.resources.shape.Spelled;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A port on which the dataplane offers its application.
 *
 * @param address where to listen, default {@code networking.address}
 * @param serviceAddress where the application listens, default the listener's address
 * @param servicePort where the application listens, default {@code port}; 0 in a document is
 *     absence
 * @param name another way to refer to this port
 */
public record Inbound(
    int port,
    @Nullable Integer servicePort,
    @Nullable String serviceAddress,
    @Nullable String address,
    SortedMap<String, String> tags,
    @Nullable Health health,
    @Nullable ServiceProbe serviceProbe,
    State state,
    @NotActedOn("no MeshService refers to it yet") @Nullable String name) {

  /** The tag that names the service. */
  public static final String SERVICE_TAG = "kuma.io/service";

  /** The tag that names the application protocol. */
  public static final String PROTOCOL_TAG = "kuma.io/protocol";

  /** The port of an inbound that gives tags to a dataplane and offers nothing, as in Kuma. */
  public static final int SERVICELESS_PORT = 49151;

  /** Copies the tags, sorted. */
  public Inbound {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Whether connections are taken for it at all. */
  public boolean offersService() {
    return port != SERVICELESS_PORT;
  }

  /** The protocol of the tag {@code kuma.io/protocol}; TCP when it is absent or not one we know. */
  public Protocol protocol() {
    return Protocol.of(tags.get(PROTOCOL_TAG));
  }

  /** Whether the inbound takes traffic, as declared or as last probed. */
  public record Health(boolean ready) {}

  /** What becomes of an inbound in discovery. */
  public enum State {
    @Spelled("Ready")
    READY,
    @Spelled("NotReady")
    NOT_READY,
    @Spelled("Ignored")
    IGNORED
  }
}
