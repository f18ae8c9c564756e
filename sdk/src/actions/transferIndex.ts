import { Interface, type Log } from "ethers";
import { erc20Abi } from "../abi/erc20.js";
import type { BalanceSource, DayAmount } from "../access/balanceSource.js";
import { TransferLedger, type Transfer, type TransferCursor, type TransferSnapshot } from "../access/transferLedger.js";
import { DayForgotten, TransferIndexDiverged } from "../errors/balances.js";
import type { Address } from "../units/brands.js";
import { ZERO_HASH, address, unixSeconds } from "../units/index.js";
import { DayBlocks, type ChainSource, type DayBlock } from "./dayBlock.js";

/** A token on a chain whose events are read. */
export interface TransferIndexOptions extends ChainSource {
  readonly token: Address;
  /** Where to go on; without it, from `fromBlock`, which must not be after the token's deployment. */
  readonly snapshot?: unknown;
  /** Days that can be asked for at once; 2 when left out. */
  readonly keepDays?: number;
  /** Blocks asked for at once; nodes limit it. 10,000 when left out. */
  readonly blocksPerRequest?: number;
}

/** A balance source that keeps its own books of a token. */
export interface TransferIndex extends BalanceSource {
  /** The books as they stand; `transferIndex({ snapshot })` goes on from there. */
  snapshot(): TransferSnapshot;
}

const BLOCKS_PER_REQUEST = 10_000;
const ERC20 = Interface.from(erc20Abi);
const TOPIC = ERC20.getEvent("Transfer")?.topicHash ?? "";

/**
 * Keep balances by reading a token's transfers: any node will do. The index moves on when a new day is asked for, and
 * can be asked for the last `keepDays` days it has reached.
 *
 * @throws InvalidField for a snapshot that is none, or of another token; from its verbs DayNotBegun, DayForgotten,
 * TransferIndexDiverged, ChainRequestFailed
 */
export async function transferIndex(options: TransferIndexOptions): Promise<TransferIndex> {
  const days = new DayBlocks(options);
  const ledger = await openLedger(options, days);
  let last: Promise<unknown> = Promise.resolve();
  const reach = (day: bigint): Promise<void> => {
    const next = last.then(() => advance(ledger, day, options, days));
    last = next.catch(() => undefined);
    return next;
  };
  const answer = ({ amountWei, cursor }: ReturnType<TransferLedger["supplyOf"]>): DayAmount => {
    const { blockNumber, timestamp } = cursor;
    return { amountWei, blocks: [{ chainId: ledger.chainId, blockNumber, timestamp }] };
  };
  return {
    balanceOf: async (user, day) => {
      await reach(day);
      return answer(ledger.balanceOf(address(user), day));
    },
    supplyOf: async (day) => {
      await reach(day);
      return answer(ledger.supplyOf(day));
    },
    snapshot: () => ledger.snapshot(),
  };
}

async function openLedger(options: TransferIndexOptions, days: DayBlocks): Promise<TransferLedger> {
  const { token, snapshot, keepDays, fromBlock = 0 } = options;
  const chainId = await days.chainId();
  if (snapshot === undefined) {
    const start: TransferCursor = { blockNumber: fromBlock - 1, blockHash: ZERO_HASH, timestamp: unixSeconds(0) };
    return new TransferLedger(chainId, address(token), start, keepDays);
  }
  const ledger = TransferLedger.from(snapshot, keepDays);
  if (ledger.chainId !== chainId || ledger.token !== address(token)) {
    const of = `${ledger.token} on chain ${ledger.chainId}`;
    throw new TransferIndexDiverged(chainId, ledger.cursor.blockNumber, `the snapshot is of ${of}`);
  }
  await requireSameChain(ledger, days);
  return ledger;
}

/** The block at the cursor is still the one whose transfers were folded. */
async function requireSameChain({ chainId, cursor }: TransferLedger, days: DayBlocks): Promise<void> {
  if (cursor.blockNumber < 0 || cursor.blockHash === ZERO_HASH) return;
  const { blockHash } = await days.blockAt(cursor.blockNumber);
  if (blockHash === cursor.blockHash) return;
  throw new TransferIndexDiverged(chainId, cursor.blockNumber, `its block ${cursor.blockHash} is now ${blockHash}`);
}

/** Fold transfers up to the first block of a day. Each request is folded whole, so a failure leaves a good cursor. */
async function advance(
  ledger: TransferLedger,
  day: bigint,
  { provider, token, blocksPerRequest = BLOCKS_PER_REQUEST }: TransferIndexOptions,
  days: DayBlocks,
): Promise<void> {
  if (ledger.day !== undefined && day <= ledger.day) return;
  const first = await days.firstOf(day);
  if (first.blockNumber < ledger.cursor.blockNumber) throw new DayForgotten(ledger.chainId, day, day + 1n);
  await requireSameChain(ledger, days);
  while (ledger.cursor.blockNumber < first.blockNumber) {
    const fromBlock = ledger.cursor.blockNumber + 1;
    const toBlock = Math.min(fromBlock + blocksPerRequest - 1, first.blockNumber);
    const filter = { address: token, topics: [TOPIC], fromBlock, toBlock };
    const logs = await days.request(() => provider.getLogs(filter));
    const end: DayBlock = toBlock === first.blockNumber ? first : await days.blockAt(toBlock);
    const { blockNumber, blockHash, timestamp } = end;
    ledger.apply(logs.map(transferOf), { blockNumber, blockHash, timestamp });
  }
  ledger.beginDay(day);
}

function transferOf({ data, topics }: Log): Transfer {
  const [from, to, amountWei] = ERC20.decodeEventLog("Transfer", data, topics) as unknown as [string, string, bigint];
  return { from: address(from), to: address(to), amountWei };
}
