import { bytesToHex } from "../crypto/hex.js";
import { HistoryDiverged } from "../errors/provider.js";
import { deltasById, type Attested } from "../events/attested.js";
import { LedgerTree } from "../ledger/tree.js";
import type { Hash32, UnixSeconds } from "../units/brands.js";
import { hash32 } from "../units/identities.js";

/** An attestation that stands, as its event gives it. */
export interface StandingAttestation {
  readonly seq: bigint;
  readonly newRoot: Hash32;
  /** Unix second from which it is active. */
  readonly activeAt: UnixSeconds;
  /** What it adds, in uMOR by provider. */
  readonly deltas: ReadonlyMap<number, bigint>;
}

/** Where a line of attestations begins. */
export interface AttestationsStart {
  readonly lastSeq: bigint;
  readonly activeSeq: bigint;
  /** Ledger after the last active attestation. Taken over, not copied. */
  readonly activeTree: LedgerTree;
  /** Oldest first. */
  readonly pending: readonly StandingAttestation[];
}

/** The standing attestations and the two ledgers that matter: at the head, and at the last active one. */
export class AttestationFold {
  #lastSeq: bigint;
  #activeSeq: bigint;
  #activeTree: LedgerTree;
  #headTree: LedgerTree;
  #pending: StandingAttestation[];

  constructor(start?: AttestationsStart) {
    const { lastSeq, activeSeq, activeTree, pending } = start ?? emptyStart();
    this.#lastSeq = lastSeq;
    this.#activeSeq = activeSeq;
    this.#activeTree = activeTree;
    this.#pending = [...pending];
    this.#headTree = this.#replayed();
  }

  /** An independent copy. */
  clone(): AttestationFold {
    return new AttestationFold({
      lastSeq: this.#lastSeq,
      activeSeq: this.#activeSeq,
      activeTree: this.#activeTree.clone(),
      pending: this.#pending,
    });
  }

  /** Last seq that was ever accepted, vetoed ones included. */
  get lastSeq(): bigint {
    return this.#lastSeq;
  }

  /** The last standing attestation; 0 before the first. */
  get headSeq(): bigint {
    return this.#pending[this.#pending.length - 1]?.seq ?? this.#activeSeq;
  }

  /** The last active one; 0 before the first. */
  get activeSeq(): bigint {
    return this.#activeSeq;
  }

  get pending(): readonly StandingAttestation[] {
    return this.#pending;
  }

  /** Ledger at the head. Not to be changed. */
  get headTree(): LedgerTree {
    return this.#headTree;
  }

  /** Ledger at the last active attestation: what can be claimed from. Not to be changed. */
  get activeTree(): LedgerTree {
    return this.#activeTree;
  }

  /** Append an attestation. @throws HistoryDiverged when one is missing before it or the roots are others */
  append({ seq, newRoot, activeAt, deltas }: Attested, blockNumber: number): StandingAttestation {
    if (seq !== this.#lastSeq + 1n) throw new HistoryDiverged("attestation", seq, this.#lastSeq + 1n, blockNumber);
    const added = { seq, newRoot, activeAt, deltas: deltasById(deltas) };
    this.#headTree.apply(added.deltas);
    const root = rootOf(this.#headTree);
    if (root !== newRoot) throw new HistoryDiverged(`root of attestation ${seq}`, newRoot, root, blockNumber);
    this.#pending.push(added);
    this.#lastSeq = seq;
    return added;
  }

  /** Drop `seq` and all after it. @returns what was dropped @throws HistoryDiverged when it is not pending */
  drop(seq: bigint, blockNumber: number): StandingAttestation[] {
    const first = this.#pending.findIndex((one) => one.seq === seq);
    if (first < 0) throw new HistoryDiverged("vetoed attestation", seq, "not pending", blockNumber);
    const dropped = this.#pending.slice(first);
    this.#pending = this.#pending.slice(0, first);
    this.#headTree = this.#replayed();
    return dropped;
  }

  /** Let those become active whose time has come at a block's moment. */
  activate(at: bigint): void {
    while (this.#pending[0] !== undefined && this.#pending[0].activeAt <= at) {
      const { seq, deltas } = this.#pending.shift() as StandingAttestation;
      this.#activeTree.apply(deltas);
      this.#activeSeq = seq;
    }
  }

  #replayed(): LedgerTree {
    const tree = this.#activeTree.clone();
    for (const { deltas } of this.#pending) tree.apply(deltas);
    return tree;
  }
}

/** Root of a ledger. */
export function rootOf(tree: LedgerTree): Hash32 {
  return hash32(bytesToHex(tree.root()));
}

function emptyStart(): AttestationsStart {
  return { lastSeq: 0n, activeSeq: 0n, activeTree: LedgerTree.empty(), pending: [] };
}
