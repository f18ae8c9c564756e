import { Contract } from "ethers";
import type { BalanceSource, DayAmount } from "../access/balanceSource.js";
import { erc20Abi } from "../abi/erc20.js";
import type { Erc20 } from "../deployment/deployment.js";
import { HistoryMissing } from "../errors/balances.js";
import type { Address, Wei } from "../units/brands.js";
import { DayBlocks, type ChainSource, type DayBlock } from "./dayBlock.js";

/** A token on a chain whose node keeps the state of old blocks. */
export interface ArchiveOptions extends ChainSource {
  readonly token: Address;
  /** Balances remembered; 100,000 when left out. */
  readonly maxKnown?: number;
}

/** What nodes say of a state they have dropped. */
const DROPPED =
  /missing trie node|state .*(not available|unavailable|pruned)|header not found|historical state|too old|BlockOutOfRange/i;

/**
 * Read balances at the first block of a day from a node with history. Each is asked once: a day's answer never changes.
 *
 * @example
 * const source = archiveBalances({ provider, token: morOf(chainId), emissionStart: d.emissionStart });
 * const { amountWei, blocks } = await source.balanceOf(user, day);
 * @throws from its verbs DayNotBegun, HistoryMissing, ChainRequestFailed
 */
export function archiveBalances(options: ArchiveOptions): BalanceSource {
  const { token, provider, maxKnown = 100_000 } = options;
  const days = new DayBlocks(options);
  const contract = new Contract(token, erc20Abi, provider) as unknown as Erc20;
  const known = new Map<string, Promise<DayAmount>>();

  const read = async (day: bigint, figure: (blockTag: number) => Promise<bigint>): Promise<DayAmount> => {
    const block = await days.firstOf(day);
    const amountWei = await days
      .request(() => figure(block.blockNumber))
      .catch((error: unknown) => {
        throw isDropped(error) ? new HistoryMissing(block.chainId, block.blockNumber, error) : error;
      });
    return { amountWei: amountWei as Wei, blocks: [placeOf(block)] };
  };
  const once = (key: string, ask: () => Promise<DayAmount>): Promise<DayAmount> => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const asked = ask();
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    if (known.size > maxKnown) known.delete([...known.keys()][0]!);
    return asked;
  };
  return {
    balanceOf: (user, day) =>
      once(`${day} ${user.toLowerCase()}`, () => read(day, (blockTag) => contract.balanceOf(user, { blockTag }))),
    supplyOf: (day) => once(`${day}`, () => read(day, (blockTag) => contract.totalSupply({ blockTag }))),
  };
}

function placeOf({ chainId, blockNumber, timestamp }: DayBlock) {
  return { chainId, blockNumber, timestamp };
}

/** Look for the node's own words, which ethers and `decodeError` wrap. */
function isDropped(error: unknown, depth = 6): boolean {
  if (typeof error !== "object" || error === null || depth === 0) return false;
  const { message, cause, error: inner, info } = error as Record<string, unknown>;
  if (typeof message === "string" && DROPPED.test(message)) return true;
  return [cause, inner, info].some((one) => isDropped(one, depth - 1));
}
