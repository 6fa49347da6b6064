package io.sluice.rendering.iptables;

/** Where a rule of ours stands in a chain that others use too. */
public enum Place {
  /** Before the rules of all others. */
  FIRST,
  /** Behind what others had when ours came. */
  LAST
}
