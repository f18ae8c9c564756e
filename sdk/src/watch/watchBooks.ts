import type { FollowedEvent } from "../actions/followEvents.js";
import { deltasById } from "../events/attested.js";
import type { Debit } from "../ledger/debits.js";
import type { AttestationFold } from "../provider/attestations.js";
import { payReports, unpayReports, type Line } from "../quorum/line.js";
import type { Proposal } from "../quorum/proposal.js";
import type { Finding } from "../quorum/findings.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import { verifyAttestation } from "./verifyAttestation.js";
import type { WATCH_EVENTS } from "./watchEvents.js";

type Followed<Name extends keyof typeof WATCH_EVENTS> = FollowedEvent<Pick<typeof WATCH_EVENTS, Name>>;

/** An attestation as the chain shows it, with what travels beside it. */
export interface SeenAttestation {
  readonly event: Followed<"attested">;
  readonly debits: readonly Debit[];
  readonly proposal: Pick<Proposal, "through"> | undefined;
}

/** What is kept of pending attestations beside their deltas. */
export interface WatchFacts {
  readonly nextBlock: bigint | undefined;
  /** Those that no known reports explain. */
  readonly unexplained: readonly bigint[];
  /** First block of each. */
  readonly firstBlocks: ReadonlyMap<bigint, bigint>;
}

/** What a watcher keeps of the chain: the standing attestations, and which published reports they paid. */
export class WatchBooks {
  #unexplained: readonly bigint[];
  readonly #firstBlocks: Map<bigint, bigint>;
  /** First block that no standing attestation closes; undefined before the first that was seen. */
  nextBlock: bigint | undefined;

  constructor(
    readonly attestations: AttestationFold,
    readonly line: Line,
    facts?: WatchFacts,
  ) {
    this.nextBlock = facts?.nextBlock;
    this.#unexplained = facts?.unexplained ?? [];
    this.#firstBlocks = new Map(facts?.firstBlocks ?? []);
  }

  /** A copy to come back to. Published blocks are facts whatever the chain does: they are shared. */
  clone(): WatchBooks {
    const { blocks, paid, attestedWei, accepted } = this.line;
    const line = { blocks, paid: new Set(paid), attestedWei: new Map(attestedWei), accepted };
    return new WatchBooks(this.attestations.clone(), line, this.pendingFacts);
  }

  /** Verify an attestation and take it as accepted, whatever is wrong with it: the chain has. */
  accept({ event, debits, proposal }: SeenAttestation, approvesDebit: (debit: Debit) => boolean): readonly Finding[] {
    const { value: attested, blockNumber } = event;
    const { seq, firstBlock, lastBlock } = attested;
    const { findings, paid } = verifyAttestation(attested, {
      line: this.line,
      before: this.attestations.headTree,
      debits,
      approvesDebit,
      ...(this.nextBlock === undefined ? {} : { nextBlock: this.nextBlock }),
      ...(proposal === undefined ? {} : { proposal }),
    });
    const pending = new Set(this.attestations.pending.map((one) => one.seq));
    const under = this.#unexplained.filter((one) => pending.has(one));
    this.attestations.append(attested, blockNumber);
    payReports(this.line, { seq, lastBlock, reports: paid ?? [] });
    if (paid === undefined) {
      // Credits that no reports explain are on chain all the same: go on from there.
      this.#bookDeltas(deltasById(attested.deltas), 1n);
      this.#unexplained = [...this.#unexplained, seq];
    }
    this.#firstBlocks.set(seq, firstBlock);
    this.nextBlock = lastBlock + 1n;
    return [
      ...findings,
      ...under.map((one) => ({
        where: `attestation ${seq}`,
        what: `stands on attestation ${one}, which does not hold`,
      })),
    ];
  }

  /** Drop attestation `seq` and all after it: their reports wait again. */
  drop(seq: bigint, blockNumber: number): void {
    const dropped = this.attestations.drop(seq, blockNumber);
    unpayReports(this.line, seq);
    for (const one of dropped) if (this.#unexplained.includes(one.seq)) this.#bookDeltas(one.deltas, -1n);
    this.#unexplained = this.#unexplained.filter((one) => one < seq);
    this.nextBlock = this.#firstBlocks.get(seq);
  }

  /** What a snapshot holds beside line and attestations. */
  get pendingFacts(): WatchFacts {
    const pending = new Set(this.attestations.pending.map(({ seq }) => seq));
    return {
      nextBlock: this.nextBlock,
      unexplained: this.#unexplained.filter((seq) => pending.has(seq)),
      firstBlocks: new Map([...this.#firstBlocks].filter(([seq]) => pending.has(seq))),
    };
  }

  #bookDeltas(deltas: ReadonlyMap<number, bigint>, sign: 1n | -1n): void {
    const { attestedWei } = this.line;
    for (const [id, delta] of deltas) {
      const key = BigInt(id);
      attestedWei.set(key, (attestedWei.get(key) ?? 0n) + sign * delta * WEI_PER_UMOR);
    }
  }
}
