package io.sluice.resources.transparentproxy;

import io.sluice.resources.shape.Spelled;

/** A protocol with ports. */
public enum Transport {
  @Spelled("tcp")
  TCP,
  @Spelled("udp")
  UDP
}
