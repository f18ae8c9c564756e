import { ChainReader, type TimedMark } from "../actions/chainReader.js";
import { cursorAtDeployment, followEvents, type FollowOptions } from "../actions/followEvents.js";
import { read } from "../actions/read.js";
import type { Deployment } from "../deployment/deployment.js";
import { HistoryDiverged } from "../errors/provider.js";
import { laneOf, ledgerId, wordOf } from "../ledger/words.js";
import { providerId, unixSeconds, type Integer } from "../units/integers.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import { AttestationFold, rootOf } from "./attestations.js";
import { BooksFold } from "./books.js";
import { LedgerHistory } from "./history.js";
import { LEDGER_EVENTS, type LedgerEvent } from "./ledgerEvents.js";
import { importSnapshot, type LedgerSnapshot } from "./snapshot.js";

/** One step of a history: the same history each time, which has taken the step already. */
export type LedgerStep =
  | { readonly kind: "events"; readonly history: LedgerHistory; readonly events: readonly LedgerEvent[] }
  /** The chain was reorganised: the history ends at an earlier block now. */
  | { readonly kind: "steppedBack"; readonly history: LedgerHistory }
  /** The history is at the newest block and agrees with what the contract says there. */
  | { readonly kind: "caughtUp"; readonly history: LedgerHistory };

/** How a ledger is followed. */
export interface SyncOptions extends FollowOptions {
  /** Providers whose entries are kept, for a history that begins at the deployment. */
  readonly ids?: Iterable<Integer>;
}

/**
 * Follow the ledger from events alone: credits, claims, debits, awards and vetoes. Goes on from a history, a snapshot, or the
 * deployment. Every root is computed and compared; at the newest block the sums are compared with the contract's, which shows
 * any event that a node left out. A history that diverged is rewound, so that another node may do better.
 *
 * @example
 * for await (const { kind, history } of syncLedger(d, snapshot)) {
 *   if (kind === "caughtUp") console.log(history.account(7).claimableUMor);
 * }
 * @throws HistoryDiverged and the errors of `followEvents` and `importSnapshot`
 */
export async function* syncLedger(
  d: Deployment,
  from?: LedgerHistory | LedgerSnapshot,
  options: SyncOptions = {},
): AsyncGenerator<LedgerStep> {
  const history = await historyFrom(d, from, options.ids);
  for await (const step of followEvents(d, LEDGER_EVENTS, history.cursor, options)) {
    if (step.kind === "events") {
      history.apply(step.events, step.end, step.cursor);
      yield { kind: "events", history, events: step.events };
    } else if (step.kind === "steppedBack") {
      history.stepBack(step.end, step.cursor);
      yield { kind: "steppedBack", history };
    } else if (await agrees(d, history, step.end)) {
      yield { kind: "caughtUp", history };
    }
  }
}

/** A history that has not begun, at the deployment. */
export function historyAtDeployment(d: Deployment, ids: Iterable<Integer> = []): LedgerHistory {
  const cursor = cursorAtDeployment(d);
  const [start] = cursor.marks;
  const end: TimedMark = { ...start!, timestamp: unixSeconds(0) };
  return new LedgerHistory(
    { end, attestations: new AttestationFold(), books: new BooksFold(), entries: [] },
    cursor,
    ids,
  );
}

/**
 * Compare the figures of some providers with the chain at the last block of the history.
 * @throws HistoryDiverged, ChainRequestFailed
 */
export async function verifyAccounts(d: Deployment, history: LedgerHistory, ids: Iterable<Integer>): Promise<void> {
  const blockTag = history.end.blockNumber;
  const words = new Map<number, Promise<bigint>>();
  const settledWord = (word: number) => {
    const known = words.get(word) ?? read(() => d.compute.settledWord(word, { blockTag }));
    words.set(word, known);
    return known;
  };
  for (const id of ids) {
    const key = providerId(id);
    const lane = ledgerId(key);
    const { settledUMor, debtUMor } = history.account(key);
    const settled = BigInt.asUintN(64, (await settledWord(wordOf(lane))) >> BigInt(64 * laneOf(lane)));
    const { debtUMor: debt } = await read(() => d.registry.providerOf(key, { blockTag }));
    requireSame(`settled credits of provider ${key}`, settled, settledUMor, blockTag);
    requireSame(`debt of provider ${key}`, debt, debtUMor, blockTag);
  }
}

function historyFrom(
  d: Deployment,
  from: LedgerHistory | LedgerSnapshot | undefined,
  ids: Iterable<Integer> | undefined,
): Promise<LedgerHistory> | LedgerHistory {
  if (from === undefined) return historyAtDeployment(d, ids);
  return from instanceof LedgerHistory ? from : importSnapshot(from, d);
}

/** @returns whether it does; false when the block is no longer on the chain, so that nothing can be said */
async function agrees(d: Deployment, history: LedgerHistory, end: TimedMark): Promise<boolean> {
  const { blockNumber, blockHash } = end;
  try {
    await compareSums(d, history, blockNumber);
    return true;
  } catch (error) {
    const now = await read(() => new ChainReader(d.provider).mark(blockNumber));
    if (now?.blockHash !== blockHash) return false;
    if (error instanceof HistoryDiverged) history.rewind();
    throw error;
  }
}

async function compareSums(d: Deployment, history: LedgerHistory, blockNumber: number): Promise<void> {
  if (blockNumber < d.deployedInBlock) return;
  const at = { blockTag: blockNumber };
  const [lastSeq, headSeq, headRoot, attestedUMor, owedWei] = await read(() =>
    Promise.all([
      d.compute.lastSeq(at),
      d.compute.headSeq(at),
      d.compute.headRoot(at),
      d.compute.attestedUMor(at),
      d.compute.owedWei(at),
    ]),
  );
  requireSame("last attestation", lastSeq, history.lastSeq, blockNumber);
  requireSame("head", headSeq, history.headSeq, blockNumber);
  requireSame("root of the head", headRoot, rootOf(history.headTree), blockNumber);
  const { settledUMor, sharesUMor, awardedUMor } = history.totals;
  const owedUMor = attestedUMor - settledUMor + sharesUMor - awardedUMor;
  requireSame("owed, in wei", owedWei, owedUMor * WEI_PER_UMOR, blockNumber);
}

function requireSame(figure: string, onChain: string | bigint, summed: string | bigint, blockNumber: number): void {
  if (onChain !== summed) throw new HistoryDiverged(figure, onChain, summed, blockNumber);
}
