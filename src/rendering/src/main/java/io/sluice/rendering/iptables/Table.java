package io.sluice.rendering.iptables;

import java.util.Locale;

/** A table of iptables. */
public enum Table {
  NAT;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
