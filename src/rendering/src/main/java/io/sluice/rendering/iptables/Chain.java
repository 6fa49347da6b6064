package io.sluice.rendering.iptables;

/** A chain of rules: two of the kernel's own, into which we only put jumps, and ours. */
public enum Chain {
  PREROUTING(Owner.KERNEL),
  OUTPUT(Owner.KERNEL),
  SLUICE_INBOUND(Owner.SLUICE),
  SLUICE_INBOUND_REDIRECT(Owner.SLUICE),
  SLUICE_OUTBOUND(Owner.SLUICE),
  SLUICE_OUTBOUND_REDIRECT(Owner.SLUICE);

  private final Owner owner;

  Chain(Owner owner) {
    this.owner = owner;
  }

  Owner owner() {
    return owner;
  }

  /** Whose rules stand in a chain: ours alone, or everybody's. */
  enum Owner {
    KERNEL,
    SLUICE
  }
}
