package io.sluice.agent.doctor;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.envoy.Envoy;
import io.sluice.agent.envoy.EnvoyLauncher;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.firewall.Firewall;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A host with its agent, as far as there is one.
 *
 * @param applied the bundle that is named as in force
 * @param settings of it; absent when it can't be read
 * @param rejected why the newest was refused, if it was
 */
public record Patient(
    Path state,
    Backend backend,
    EnvoyLauncher launcher,
    Envoy envoy,
    Firewall firewall,
    Dnsmasq dnsmasq,
    Upstreams upstreams,
    Optional<Digest> applied,
    Optional<Settings> settings,
    Optional<String> rejected) {}
