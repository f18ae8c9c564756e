import { read } from "../actions/read.js";
import { readEvents } from "../actions/readEvents.js";
import { readState, type ComputeState } from "../actions/readState.js";
import type { Deployment } from "../deployment/index.js";
import { attestedEvent, type Attested } from "../events/attested.js";
import { attestationsVetoedEvent, type AttestationsVetoed } from "../events/vetoed.js";
import type { ChainView } from "../quorum/index.js";
import { WEI_PER_UMOR } from "../units/index.js";
import type { Archive } from "./archive/archive.js";

const CURSOR = "cursor";

/** What a watch tells, each once and in the order of the chain. What throws is told again at the next poll. */
export interface ChainListener {
  attested(event: Attested): Promise<void>;
  vetoed(event: AttestationsVetoed): Promise<void>;
}

/** Follows the attestations of a deployment by polling. Where it is stands in the archive. */
export class ChainWatch {
  readonly #d: Deployment;
  readonly #archive: Archive;
  readonly #confirmations: number;
  #next: number;

  constructor(d: Deployment, archive: Archive, confirmations: number) {
    this.#d = d;
    this.#archive = archive;
    this.#confirmations = confirmations;
    this.#next = Number(archive.states.load(CURSOR)?.tag ?? d.deployedInBlock);
  }

  /** Tell what happened since the last poll. @throws ChainRequestFailed, what the listener throws */
  async poll(listener: ChainListener): Promise<void> {
    const newest = (await read(() => this.#d.provider.getBlockNumber())) - this.#confirmations;
    if (newest < this.#next) return;
    const range = { fromBlock: this.#next, toBlock: newest };
    const told: { readonly block: number; readonly rank: bigint; readonly tell: () => Promise<void> }[] = [];
    for await (const { value, blockNumber } of readEvents(this.#d, attestedEvent, range)) {
      told.push({ block: blockNumber, rank: value.seq * 2n, tell: () => listener.attested(value) });
    }
    for await (const { value, blockNumber } of readEvents(this.#d, attestationsVetoedEvent, range)) {
      // A veto comes behind the last attestation it drops, and before any later one.
      told.push({ block: blockNumber, rank: value.lastDroppedSeq * 2n + 1n, tell: () => listener.vetoed(value) });
    }
    told.sort((a, b) => a.block - b.block || Number(a.rank - b.rank));
    for (const { tell } of told) await tell();
    this.#next = newest + 1;
    if (told.length > 0) this.#archive.states.save(CURSOR, String(this.#next), 0, "instead");
  }

  /** Pool and head now. @throws ChainRequestFailed */
  state(): Promise<ComputeState> {
    return readState(this.#d);
  }
}

/** What a co-signer reads of the chain, at a moment of its own clock in Unix milliseconds. */
export function viewOf({ head, pool }: ComputeState, nowMs: bigint): ChainView {
  return {
    head,
    allowanceUMor: pool.allowanceWei / WEI_PER_UMOR,
    providerCount: head.providerCount,
    chainAt: head.timestamp,
    at: nowMs / 1_000n,
  };
}
