package io.sluice.resources.transparentproxy;

/** A protocol with ports. */
public enum Transport {
  TCP,
  UDP
}
