package io.sluice.rendering.services;

import io.sluice.resources.discovery.VirtualAddress;

/**
 * A port of a name's virtual addresses, and where connections to it go.
 *
 * @param host the name, in lower case
 */
public record VirtualListener(
    String host, VirtualAddress address, int port, Destination destination) {}
