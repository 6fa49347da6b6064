package io.sluice.resources.dataplane;

/**
 * How traffic reaches a dataplane's proxy, as its own resource and the policies of its mesh say
 * together.
 *
 * @param inboundPort where the proxy takes redirected inbound connections; as the others, it is
 *     kept free in explicit mode too, so that a dataplane can become transparent without moving its
 *     application
 * @param outboundPort where the proxy takes redirected outbound connections
 * @param dnsPort where the proxy's resolver takes queries
 */
public record Capture(Mode mode, int inboundPort, int outboundPort, int dnsPort) {}
