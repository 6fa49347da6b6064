package io.sluice.rendering.trace;

import io.sluice.resources.shape.Spelled;
import io.sluice.resources.shape.ZeroIsValue;
import io.sluice.resources.transparentproxy.Transport;
import org.jspecify.annotations.Nullable;

/** A packet as operators write it; every field may be absent. */
public record PacketDocument(
    @Nullable Direction direction,
    Transport protocol,
    @Nullable String source,
    @ZeroIsValue @Nullable Integer sourcePort,
    @Nullable String destination,
    @ZeroIsValue @Nullable Integer port,
    @Nullable String user,
    @ZeroIsValue @Nullable Integer uid,
    @Nullable String group,
    @ZeroIsValue @Nullable Integer gid,
    @Spelled("interface") @Nullable String networkInterface,
    ConnectionState state,
    @Nullable Boolean syn) {}
