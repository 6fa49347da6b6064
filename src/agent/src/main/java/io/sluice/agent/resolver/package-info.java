/** The DNS resolver beside Envoy: dnsmasq, its files, and where it passes questions on to. */
@NullMarked
package io.sluice.agent.resolver;

import org.jspecify.annotations.NullMarked;
