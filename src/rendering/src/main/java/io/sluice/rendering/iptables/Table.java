package io.sluice.rendering.iptables;

import java.util.Locale;

/** A table of iptables, in the order in which packets meet them. */
public enum Table {
  RAW,
  MANGLE,
  NAT;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
