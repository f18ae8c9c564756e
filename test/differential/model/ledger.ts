import type { Lanes } from "./tree.js";
import { Tree } from "./tree.js";
import { MAX_PENDING } from "./units.js";
import type { Window } from "./reserve.js";

/** A debit as it travels: uMOR and the hash of its reason. */
export interface Debit {
  readonly id: number;
  readonly amountUMor: bigint;
  readonly reasonHash: bigint;
}

/** An accepted attestation. It stands until it is vetoed. */
export interface Entry {
  readonly seq: bigint;
  readonly lanes: Lanes;
  readonly tree: Tree;
  readonly creditedUMor: bigint;
  readonly nextBlock: bigint;
  readonly activeAt: bigint;
  readonly debits: readonly Debit[];
  readonly debitsHash: bigint;
  readonly debitDay: bigint;
  debitsBooked: boolean;
}

const NOTHING = new Tree([]);

/** Attestations that stand, in order, and what was paid from them (design 6 and 7). */
export class Ledger {
  readonly standing: Entry[] = [];
  /** Paid lifetime credits by id, in uMOR. */
  readonly settled: bigint[] = [];
  lastSeq = 0n;

  constructor(
    readonly activationDelay: bigint,
    readonly window: Window,
    readonly firstBlock: bigint,
  ) {}

  /** The last standing attestation. */
  get head(): Entry | undefined {
    return this.standing[this.standing.length - 1];
  }
  /** Its seq; 0 before the first. */
  get headSeq(): bigint {
    return this.head?.seq ?? 0n;
  }
  /** Its tree. */
  get tree(): Tree {
    return this.head?.tree ?? NOTHING;
  }
  /** First block that no standing attestation closes. */
  get nextBlock(): bigint {
    return this.head?.nextBlock ?? this.firstBlock;
  }

  /** The standing attestation `seq`. */
  find(seq: bigint): Entry | undefined {
    return this.standing.find((entry) => entry.seq === seq);
  }

  /** Whether an attestation is active. */
  isActive({ activeAt }: Entry, now: bigint): boolean {
    return activeAt <= now;
  }

  /** Remember that a provider was paid up to `lane`. */
  settle(id: number, lane: bigint): void {
    this.settled[id] = lane;
  }

  /** The standing one before `entry`. */
  before(entry: Entry): Entry | undefined {
    return this.standing[this.standing.indexOf(entry) - 1];
  }

  /** Activation of `entry` as the ring of records still knows it; 0 once a newer seq took its place. */
  activeAtOf({ seq, activeAt }: Entry): bigint {
    return this.lastSeq - seq >= MAX_PENDING ? 0n : activeAt;
  }

  /** The pending attestation whose place in the ring the next one would take. */
  occupant(now: bigint): Entry | undefined {
    const entry = this.find(this.lastSeq + 1n - MAX_PENDING);
    return entry !== undefined && entry.activeAt > now ? entry : undefined;
  }

  /** Period of a moment: one more for each boundary of the window that lies before it. */
  periodOf(t: bigint): bigint {
    const { startAt, endAt, seasonLength } = this.window;
    if (endAt === 0n) return 0n;
    let period = t > startAt ? 1n : 0n;
    for (let end = startAt + seasonLength; end < endAt; end += seasonLength) if (t > end) period++;
    return t > endAt ? period + 1n : period;
  }

  /** The last standing attestation that becomes active in `period` or before it. */
  standingAt(period: bigint): Entry | undefined {
    return this.standing.findLast(({ activeAt }) => this.periodOf(activeAt) <= period);
  }

  /** The tree of `entry`, or the empty one. */
  treeOf(entry: Entry | undefined): Tree {
    return entry?.tree ?? NOTHING;
  }
}
