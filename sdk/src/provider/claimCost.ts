import { WEI_PER_UMOR } from "../units/constants.js";
import { TREE_DEPTH } from "../units/index.js";

/** What a unit of gas and a byte cost now, and what that is in MOR. */
export interface ClaimFee {
  /** Wei of ether a unit of gas costs. */
  readonly gasPriceWei: bigint;
  /** Wei of ether a byte of calldata costs beside its gas, where a chain posts it elsewhere; 0 when left out. */
  readonly l1ByteWei?: bigint;
  /** Wei of MOR that are worth 1 ether. */
  readonly morPerEtherWei: bigint;
}

/** What the parts of a claim cost on chain, in gas; calldata apart. */
export interface ClaimCost {
  /** The transaction and the call. */
  readonly call: number;
  /** One range: header, parsing. */
  readonly range: number;
  /** Each level from the range to the root. */
  readonly level: number;
  /** Each sibling that is not empty. */
  readonly sibling: number;
  /** Each word: its settled lanes are read, and written when one is due. */
  readonly word: number;
  /** The same beside it, for a word of which nobody was ever paid: its slot is new. */
  readonly freshWord: number;
  /** Each provider that is looked at, due or not. */
  readonly lane: number;
  /** Each slot of payees that is read: three hold the four of a word. */
  readonly payees: number;
  /** Each provider that is paid; its payout address holds MOR already. */
  readonly payment: number;
}

/** Fitted to measured claims of 1 to 200 providers: a test holds it within a few percent. */
export const CLAIM_COST: ClaimCost = {
  call: 46_000,
  range: 1_750,
  level: 230,
  sibling: 60,
  word: 7_000,
  freshWord: 17_100,
  lane: 150,
  payees: 2_100,
  payment: 8_600,
};

/** Gas of a byte of calldata; most are not zero. */
const GAS_PER_BYTE = 15;
/** Calldata at the floor price of EIP-7623, and what every transaction costs. */
const FLOOR_GAS_PER_BYTE = 38;
const INTRINSIC_GAS = 21_000;
/** Selector, seq, offset and length, and the envelope of a signed transaction. */
const FIXED_BYTES = 4 + 32 * 3 + 120;
const ETHER = 10n ** 18n;

/** What a range needs to be priced. */
export interface PricedRange {
  readonly level: number;
  readonly count: number;
  /** Lanes of each word it is for, as a mask. */
  readonly lanes: number;
  /** Siblings on its way to the root. */
  readonly siblings: number;
  /** Width of its lanes in bits. */
  readonly bits: number;
  /** Providers that it pays. */
  readonly payments: number;
  /** Words with a payment in which nobody was ever paid. */
  readonly freshWords: number;
}

/** Gas and bytes of something. */
export interface Size {
  readonly gas: number;
  readonly bytes: number;
}

/** Bytes and gas of one range of a claim. */
export function sizeOfRange(range: PricedRange, cost = CLAIM_COST): Size {
  const { level, count, lanes, siblings, bits, payments, freshWords } = range;
  // Header 8, lanes, which of them 1, which siblings 3 bytes.
  const bytes = 12 + Math.ceil((count * bits) / 2) + 32 * siblings;
  const looks = count * onesOf(lanes);
  const gas =
    cost.range +
    (TREE_DEPTH - level) * cost.level +
    siblings * cost.sibling +
    count * cost.word +
    freshWords * cost.freshWord +
    looks * cost.lane +
    count * payeeSlotsOf(lanes) * cost.payees +
    payments * cost.payment +
    bytes * GAS_PER_BYTE;
  return { gas, bytes };
}

/** Bytes and gas of a transaction with these ranges. */
export function sizeOfCall(ranges: readonly Size[], cost = CLAIM_COST): Size {
  const content = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
  const bytes = FIXED_BYTES + Math.ceil(content / 32) * 32;
  const gas = ranges.reduce((sum, range) => sum + range.gas, cost.call);
  return { gas: Math.max(gas, INTRINSIC_GAS + bytes * FLOOR_GAS_PER_BYTE), bytes };
}

/** What gas and bytes cost, in wei of MOR, rounded up. */
export function feeInMor({ gas, bytes }: Size, { gasPriceWei, l1ByteWei = 0n, morPerEtherWei }: ClaimFee): bigint {
  const etherWei = BigInt(Math.ceil(gas)) * gasPriceWei + BigInt(bytes) * l1ByteWei;
  return (etherWei * morPerEtherWei + ETHER - 1n) / ETHER;
}

/** Wei of an amount in uMOR. */
export function weiOf(amountUMor: bigint): bigint {
  return amountUMor * WEI_PER_UMOR;
}

/** Count the slots of a word in which the payees of these lanes stand: lanes 0 to 2 have one each, lane 3 is in the first two. */
export function payeeSlotsOf(lanes: number): number {
  return Number((lanes & 0b1001) !== 0) + Number((lanes & 0b1010) !== 0) + Number((lanes & 0b0100) !== 0);
}

/** Lanes in a mask. */
function onesOf(lanes: number): number {
  return (lanes & 1) + ((lanes >> 1) & 1) + ((lanes >> 2) & 1) + ((lanes >> 3) & 1);
}
