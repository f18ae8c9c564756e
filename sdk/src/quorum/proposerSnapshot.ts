import { LedgerTree, type ClosedBlock, type EarnedReport, type Fit, type LifetimeWei } from "../ledger/index.js";
import { WEI_PER_UMOR, type Hash32, type ProviderId, type Wei } from "../units/index.js";

/** An accepted attestation and the ledger before it. */
export interface AcceptedFit {
  readonly seq: bigint;
  readonly lastBlock: bigint;
  readonly before: LedgerTree;
  readonly paid: readonly EarnedReport[];
}

/** All a proposer knows: plain values, maps and sets. */
export interface ProposerSnapshot {
  readonly blocks: readonly ClosedBlock[];
  readonly attested: ReadonlySet<Hash32>;
  /** Lifetime credits at the head, exact in wei. */
  readonly attestedWei: LifetimeWei;
  /** Accepted attestations that a veto may still drop, oldest first. */
  readonly accepted: readonly Omit<AcceptedFit, "before">[];
}

/** The ledger of a proposer at the head, and at every attestation that may be vetoed. */
export interface ResumedLedger {
  readonly tree: LedgerTree;
  readonly attestedWei: Map<ProviderId, Wei>;
  readonly accepted: AcceptedFit[];
}

/** Make the ledgers of a snapshot again: from before the oldest attestation that may be vetoed, paid one after the other. */
export function resumeLedger(from: ProposerSnapshot): ResumedLedger {
  const attestedWei = new Map(from.attestedWei);
  for (const { paid } of from.accepted) addCredits(attestedWei, paid, -1n);
  const count = [...attestedWei.keys()].reduce((most, id) => (id >= most ? id + 1n : most), 0n);
  const lanes = Array.from({ length: Number(count) }, (_, id) => {
    return (attestedWei.get(BigInt(id) as ProviderId) ?? 0n) / WEI_PER_UMOR;
  });
  let tree = LedgerTree.from(lanes);
  const accepted = from.accepted.map((each) => {
    const before = tree;
    tree = before.clone();
    tree.apply(creditsOf(attestedWei, each.paid).deltas);
    addCredits(attestedWei, each.paid, 1n);
    return { ...each, before };
  });
  return { tree, attestedWei, accepted };
}

/** What reports add to the ledger, on top of lifetime credits in wei. */
export function creditsOf(
  attestedWei: LifetimeWei,
  reports: readonly EarnedReport[],
): Pick<Fit, "deltas" | "after" | "creditedUMor"> {
  const deltas = new Map<number, bigint>();
  const after = new Map<ProviderId, Wei>();
  for (const { providerId, creditWei } of reports) {
    const lifetime = after.get(providerId) ?? attestedWei.get(providerId) ?? 0n;
    after.set(providerId, (lifetime + creditWei) as Wei);
  }
  let creditedUMor = 0n;
  for (const [providerId, lifetime] of after) {
    const delta = lifetime / WEI_PER_UMOR - (attestedWei.get(providerId) ?? 0n) / WEI_PER_UMOR;
    if (delta > 0n) deltas.set(Number(providerId), delta);
    creditedUMor += delta;
  }
  return { deltas, after, creditedUMor };
}

/** Add the credits of reports to lifetime credits, or take them back. */
export function addCredits(attestedWei: Map<ProviderId, Wei>, reports: readonly EarnedReport[], sign: 1n | -1n): void {
  for (const { providerId, creditWei } of reports) {
    attestedWei.set(providerId, ((attestedWei.get(providerId) ?? 0n) + sign * creditWei) as Wei);
  }
}

/** Lifetime credits that lanes stand for: exact where nothing was rounded down. */
export function lifetimesOf(tree: LedgerTree): Map<ProviderId, Wei> {
  const lanes = tree.lanes(0, tree.wordCount);
  return new Map(
    lanes.flatMap((lane, id) => (lane > 0n ? [[BigInt(id) as ProviderId, (lane * WEI_PER_UMOR) as Wei]] : [])),
  );
}
