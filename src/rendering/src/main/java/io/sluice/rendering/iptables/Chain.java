package io.sluice.rendering.iptables;

/**
 * A chain of rules: two of the kernel's own, into which we only put jumps, and ours. A chain of
 * ours may be in several tables; its rules differ in each.
 */
public enum Chain {
  PREROUTING(Owner.KERNEL),
  OUTPUT(Owner.KERNEL),
  /** New connections that arrive at this host. */
  SLUICE_INBOUND(Owner.SLUICE),
  SLUICE_INBOUND_REDIRECT(Owner.SLUICE),
  /** New connections that this host opens. */
  SLUICE_OUTBOUND(Owner.SLUICE),
  SLUICE_OUTBOUND_REDIRECT(Owner.SLUICE),
  /** DNS questions of this host, and in the table raw the answers to them. */
  SLUICE_DNS(Owner.SLUICE),
  /** What comes out of the host's virtual networks. */
  SLUICE_VNET(Owner.SLUICE),
  /** Packets that belong to no connection. */
  SLUICE_INVALID(Owner.SLUICE);

  private final Owner owner;

  Chain(Owner owner) {
    this.owner = owner;
  }

  /** Whose rules stand in the chain. */
  public Owner owner() {
    return owner;
  }

  /** Whose rules stand in a chain: ours alone, or everybody's. */
  public enum Owner {
    KERNEL,
    SLUICE
  }
}
