import { bytesToHex } from "../crypto/index.js";
import { BlockRangeInvalid, LedgerBehindHead, UpdateTooLarge } from "../errors/attestation.js";
import type { Attestation } from "../messages/index.js";
import { uMor, type Hash32, type UnixSeconds } from "../units/index.js";
import type { EarnedReport } from "./blocks.js";
import { debitsHash, packDebits, type Debit } from "./debits.js";
import { fitAllowance, type Fit } from "./fit.js";
import { planUpdate, updateGas } from "./plan.js";
import { reportsRoot } from "./reports.js";
import type { LedgerTree } from "./tree.js";
import { buildUpdate, type LedgerUpdate } from "./update.js";
import { wordOf } from "./words.js";

/** What the next attestation continues, read from the contract. */
export interface Head {
  readonly lastSeq: bigint;
  readonly headRoot: Hash32;
  /** First block not closed yet. */
  readonly nextBlock: bigint;
  /** Block that is running when the attestation is posted. */
  readonly openBlock: bigint;
  /** Digest of the router set in force. */
  readonly routerSet: Hash32;
}

/** What a transaction may hold. */
export interface ChainLimits {
  readonly maxBytes: number;
  readonly maxGas: number;
}

/** Limits of transaction pools (design.md section 15); gas as EIP-7825. */
export const CHAIN_LIMITS = {
  geth: { maxBytes: 131_072, maxGas: 16_777_216 },
  nitro: { maxBytes: 95_000, maxGas: 16_777_216 },
} as const satisfies Record<string, ChainLimits>;

/** How an attestation is written. */
export interface AttestationOptions {
  /** Last second in which it may be posted. */
  readonly deadline: UnixSeconds;
  /** Last block it closes: its reports are all in `fit`, or wait. */
  readonly lastBlock: bigint;
  /** The stricter chain, Nitro, when left out. */
  readonly limits?: ChainLimits;
  /** Bytes of the quorum that will travel with it; those of 32 routers when left out. */
  readonly quorumBytes?: number;
  /** Debits that travel with it; none when left out. */
  readonly debits?: readonly Debit[];
}

/** An attestation before its signatures, and all that goes with it. */
export interface AttestationDraft {
  readonly attestation: Attestation;
  /** Packed ranges and their proofs, as `attest` takes them. */
  readonly deltas: Uint8Array;
  readonly witness: Uint8Array;
  /** Packed debits; empty for none. */
  readonly debits: Uint8Array;
  /** Ledger after it. */
  readonly after: LedgerTree;
  /** The reports behind `reportsRoot`, oldest first: a prefix of what was earned. */
  readonly paid: readonly EarnedReport[];
  /** What was fitted, cut to what a transaction holds. */
  readonly fit: Fit;
}

// Selector, ten words of the message, four offsets and lengths, and the envelope of a signed transaction.
const FIXED_BYTES = 4 + 32 * 18 + 200;
const QUORUM_BYTES = 2 + 32 * 21 + 4 + 32 * 67;
// Everything but ranges and calldata, with room for contract routers; calldata at the floor price of EIP-7623.
const FIXED_GAS = 300_000;
const GAS_PER_BYTE = 40;

/**
 * Write the attestation that credits `fit` and carries `debits`. What a transaction cannot hold is cut from the end and waits.
 * @returns undefined when there is nothing to credit or debit: an empty attestation is refused on chain.
 * @throws LedgerBehindHead, BlockRangeInvalid, UpdateTooLarge, LaneOverflow, DebitsLengthInvalid, DebitZero
 */
export function buildAttestation(
  tree: LedgerTree,
  fit: Fit,
  head: Head,
  options: AttestationOptions,
): AttestationDraft | undefined {
  const { lastBlock, deadline } = options;
  const previousRoot = bytesToHex(tree.root()) as Hash32;
  if (previousRoot !== head.headRoot) throw new LedgerBehindHead(previousRoot, head.headRoot);
  if (lastBlock + 1n < head.nextBlock || lastBlock >= head.openBlock) {
    throw new BlockRangeInvalid(head.nextBlock, lastBlock, head.openBlock);
  }
  const debits = packDebits(options.debits ?? []);
  if (fit.creditedUMor === 0n && debits.length === 0) return undefined;
  const { update, cut } = updateWithin(tree, fit, debits.length, options);
  const paid = cut.earned.slice(0, cut.count);
  const attestation: Attestation = {
    seq: head.lastSeq + 1n,
    previousRoot,
    newRoot: bytesToHex(update.newRoot) as Hash32,
    credited: uMor(update.creditedUMor),
    debitsHash: debitsHash(debits),
    firstBlock: head.nextBlock,
    lastBlock,
    reportsRoot: reportsRoot(paid),
    routerSet: head.routerSet,
    deadline,
  };
  const { deltas, witness, after } = update;
  return { attestation, deltas, witness, debits, after, paid, fit: cut };
}

/** The update of the longest prefix of the fit that a transaction holds; each try is smaller by what was too much. */
function updateWithin(
  tree: LedgerTree,
  fit: Fit,
  debitBytes: number,
  { limits = CHAIN_LIMITS.nitro, quorumBytes = QUORUM_BYTES }: AttestationOptions,
): { update: LedgerUpdate; cut: Fit } {
  const { maxBytes, maxGas } = limits;
  for (let cut = fit; ;) {
    const words = new Set([...cut.deltas.keys()].map(wordOf));
    const ranges = planUpdate(tree, words);
    const update = buildUpdate(tree, cut.deltas, { ranges });
    const parts = [update.deltas.length, update.witness.length, debitBytes, quorumBytes];
    const bytes = parts.reduce((sum, part) => sum + padded(part), FIXED_BYTES);
    const gas = FIXED_GAS + updateGas(tree, ranges) + bytes * GAS_PER_BYTE;
    if (bytes <= maxBytes && gas <= maxGas) return { update, cut };
    if (words.size <= 1) throw new UpdateTooLarge(bytes, gas, maxBytes, maxGas);
    const share = Math.min(maxBytes / bytes, maxGas / gas, 0.95);
    const maxWords = Math.max(1, Math.floor(words.size * share));
    cut = fitAllowance(cut.earned, cut.creditedUMor, cut.before, { maxWords });
  }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 32) * 32;
}
