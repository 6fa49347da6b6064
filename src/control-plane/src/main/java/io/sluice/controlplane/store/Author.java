package io.sluice.controlplane.store;

/**
 * Who writes.
 *
 * @param name as history shows it, such as {@code admin}, {@code local} or {@code agent:web-1}
 */
public record Author(String name) {}
