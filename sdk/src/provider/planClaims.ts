import type { ClaimArgs } from "../actions/claim.js";
import { CHAIN_LIMITS, type ChainLimits } from "../ledger/attestation.js";
import { packClaim } from "../ledger/claim.js";
import type { LedgerTree } from "../ledger/tree.js";
import { ledgerId } from "../ledger/words.js";
import { providerId, type Integer, type ProviderId, type UMor, type Wei } from "../units/index.js";
import { feeInMor, sizeOfCall, weiOf, type ClaimFee, type Size } from "./claimCost.js";
import { chooseRanges, type ChosenRange } from "./claimRanges.js";

/** What can be claimed: a `LedgerHistory` gives it. */
export interface ClaimBasis {
  /** An active attestation. */
  readonly activeSeq: bigint;
  /** Ledger after it. */
  readonly activeTree: LedgerTree;
  /** Figures of a provider. */
  account(id: Integer): { readonly claimableUMor: bigint; readonly settledUMor: bigint };
}

/** When a claim is worth its fee. */
export interface ClaimTerms {
  /** What gas and bytes cost now; nothing when left out: then everything due is claimed, at the least gas. */
  readonly fee?: ClaimFee;
  /** A transaction is planned only if it pays at least so much more than it costs, in wei of MOR; 0 when left out. */
  readonly minNetWei?: bigint;
  /** The stricter chain, Nitro, when left out. */
  readonly limits?: ChainLimits;
}

/** One transaction of a plan. */
export interface PlannedClaim extends Size {
  readonly args: ClaimArgs;
  /** Wanted providers that it pays. */
  readonly ids: readonly ProviderId[];
  /** Others that it pays because leaving them out would cost more. */
  readonly others: readonly ProviderId[];
  /** What the wanted ones are paid. */
  readonly dueUMor: UMor;
  /** What it is expected to cost, in wei of MOR. */
  readonly feeWei: Wei;
  /** Payment less fee, in wei of MOR. */
  readonly netWei: bigint;
}

/** A provider that is not claimed for. */
export interface LeftOut {
  readonly id: ProviderId;
  readonly dueUMor: UMor;
  /** `belowFee`: due, and not worth what it would cost now. */
  readonly reason: "nothingDue" | "belowFee";
}

/** What to claim now, and what to leave. */
export interface ClaimPlan {
  readonly seq: bigint;
  readonly calls: readonly PlannedClaim[];
  readonly left: readonly LeftOut[];
  readonly dueUMor: UMor;
  readonly feeWei: Wei;
  readonly netWei: bigint;
}

/**
 * Plan the claims of a fleet of providers: who is worth its gas at the present fee, packed into the cheapest ranges, in as few
 * transactions as the chain takes. Pure.
 *
 * @example
 * const fee = { gasPriceWei, morPerEtherWei: 2_000n * 10n ** 18n };
 * const plan = planClaims([4, 7, 9], history, { fee, minNetWei: wei(10n ** 17n) });
 * for (const { args } of plan.calls) await claim.sendAndWait(d, args);
 * @throws LaneOutsideTree
 */
export function planClaims(ids: Iterable<Integer>, basis: ClaimBasis, terms: ClaimTerms = {}): ClaimPlan {
  const { fee = NO_FEE, minNetWei = 0n, limits = CHAIN_LIMITS.nitro } = terms;
  const wanted = new Set([...ids].map((id) => ledgerId(providerId(id))));
  const dueUMor = remembered((id: number) => basis.account(id).claimableUMor);
  const isSettled = (id: number) => basis.account(id).settledUMor > 0n;
  const ranges = chooseRanges({ tree: basis.activeTree, dueUMor, isSettled, wanted, fee, limits });
  const calls = inTransactions(ranges, limits)
    .map((group) => plannedClaim(group, basis, { wanted, dueUMor, fee }))
    .filter(({ netWei }) => netWei >= minNetWei);
  const paid = new Set(calls.flatMap((call) => call.ids));
  const left = [...wanted]
    .filter((id) => !paid.has(providerId(id)))
    .sort((a, b) => a - b)
    .map((id): LeftOut => {
      const due = dueUMor(id);
      return { id: providerId(id), dueUMor: due as UMor, reason: due > 0n ? "belowFee" : "nothingDue" };
    });
  const total = (figure: (call: PlannedClaim) => bigint) => calls.reduce((sum, call) => sum + figure(call), 0n);
  return {
    seq: basis.activeSeq,
    calls,
    left,
    dueUMor: total((call) => call.dueUMor) as UMor,
    feeWei: total((call) => call.feeWei) as Wei,
    netWei: total((call) => call.netWei),
  };
}

const NO_FEE: ClaimFee = { gasPriceWei: 0n, morPerEtherWei: 0n };

function plannedClaim(
  group: readonly ChosenRange[],
  { activeSeq, activeTree }: ClaimBasis,
  { wanted, dueUMor, fee }: { wanted: ReadonlySet<number>; dueUMor: (id: number) => bigint; fee: ClaimFee },
): PlannedClaim {
  const paid = group.flatMap(({ ids }) => ids);
  const own = paid.filter((id) => wanted.has(id));
  const size = sizeOfCall(group.map((one) => one.size));
  const due = own.reduce((sum, id) => sum + dueUMor(id), 0n);
  const feeWei = feeInMor(size, fee);
  const ranges = packClaim(
    activeTree,
    group.map(({ range }) => range),
  );
  return {
    args: { seq: activeSeq, ranges },
    ids: own.map((id) => providerId(id)),
    others: paid.filter((id) => !wanted.has(id)).map((id) => providerId(id)),
    ...size,
    dueUMor: due as UMor,
    feeWei: feeWei as Wei,
    netWei: weiOf(due) - feeWei,
  };
}

/** Fill transactions one after the other; every range fits one by itself. */
function inTransactions(ranges: readonly ChosenRange[], { maxGas, maxBytes }: ChainLimits): ChosenRange[][] {
  const groups: ChosenRange[][] = [];
  let open: ChosenRange[] = [];
  for (const range of ranges) {
    const { gas, bytes } = sizeOfCall([...open, range].map(({ size }) => size));
    if (open.length > 0 && (gas > maxGas || bytes > maxBytes)) {
      groups.push(open);
      open = [];
    }
    open.push(range);
  }
  return open.length === 0 ? groups : [...groups, open];
}

function remembered<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
