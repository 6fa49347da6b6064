package io.sluice.agent.firewall;

import java.util.Optional;

/**
 * Rules of ours in one family that do not stand as the kernel showed them after they were loaded.
 *
 * @param expected what it showed; absent when that was lost
 * @param found what it shows now
 */
public record Deviation(IpFamily family, Optional<String> expected, String found) {}
