package io.sluice.controlplane.delivery;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much delivery keeps in memory.
 *
 * @param cache bytes of rendered bundles, recent ones included
 */
@ConfigurationProperties("sluice.delivery")
record DeliverySettings(@DefaultValue("128MB") DataSize cache) {}
