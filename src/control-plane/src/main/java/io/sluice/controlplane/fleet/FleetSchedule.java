package io.sluice.controlplane.fleet;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Turns on what runs by the clock: batches of status, heartbeats, renewal of certificates. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class FleetSchedule {}
