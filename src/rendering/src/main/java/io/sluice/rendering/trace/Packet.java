package io.sluice.rendering.trace;

import io.sluice.resources.net.IpAddress;
import io.sluice.resources.transparentproxy.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A packet, as much as is known of it.
 *
 * @param source null when it is not known; that of a local connection follows from its destination
 * @param owner of an outbound packet; an inbound one has none
 * @param networkInterface by which it arrives, or would leave if no rule redirected it; null when
 *     it is not known
 * @param syn whether it is the first packet of a TCP connection
 */
public record Packet(
    Direction direction,
    Transport protocol,
    @Nullable IpAddress source,
    @Nullable Integer sourcePort,
    IpAddress destination,
    int port,
    Owner owner,
    @Nullable String networkInterface,
    ConnectionState state,
    boolean syn) {}
