import { WEI_PER_UMOR, type ProviderId, type Wei } from "../units/index.js";
import type { EarnedReport } from "./blocks.js";
import { DELTA_BITS_MAX, ledgerId, wordOf } from "./words.js";

/** Lifetime credits that are attested, exact in wei: what a lane has been rounded down from. */
export type LifetimeWei = ReadonlyMap<ProviderId, Wei>;

/** The reports an attestation can pay, and what they add to the ledger. */
export interface Fit {
  /** Everything earned that was offered, oldest first. */
  readonly earned: readonly EarnedReport[];
  /** This many of them fit, from the front; the rest waits. */
  readonly count: number;
  /** What they add to each lane in uMOR; only what is not 0. */
  readonly deltas: ReadonlyMap<number, bigint>;
  readonly creditedUMor: bigint;
  /** Lifetime credits before, as given, and after, of the providers that earned. */
  readonly before: LifetimeWei;
  readonly after: LifetimeWei;
}

/** Bounds of a fit beside the allowance. */
export interface FitLimits {
  /** Most words of the ledger with a credit in them. */
  readonly maxWords?: number;
}

const MAX_DELTA_UMOR = (1n << BigInt(DELTA_BITS_MAX)) - 1n;

/**
 * Find the longest prefix of the earned reports, oldest first, whose credits fit the allowance. A lane is
 * floor(lifetime wei / 1e12), so fractions of a uMOR add up over reports and nothing is lost. Amounts of the allowance
 * in uMOR.
 * @throws LaneOutsideTree
 */
export function fitAllowance(
  earned: readonly EarnedReport[],
  allowanceUMor: bigint,
  lifetimeWei: LifetimeWei,
  limits: FitLimits = {},
): Fit {
  const maxWords = limits.maxWords ?? Infinity;
  const after = new Map<ProviderId, Wei>();
  const deltas = new Map<number, bigint>();
  const words = new Set<number>();
  let creditedUMor = 0n;
  let count = 0;
  for (const { providerId, creditWei } of earned) {
    const id = ledgerId(providerId);
    const attested = lifetimeWei.get(providerId) ?? 0n;
    const lifetime = ((after.get(providerId) ?? attested) + creditWei) as Wei;
    const delta = lifetime / WEI_PER_UMOR - attested / WEI_PER_UMOR;
    const credited = creditedUMor + delta - (deltas.get(id) ?? 0n);
    const opensWord = delta > 0n && !words.has(wordOf(id));
    if (credited > allowanceUMor || delta > MAX_DELTA_UMOR || (opensWord && words.size >= maxWords)) break;
    after.set(providerId, lifetime);
    if (delta > 0n) {
      deltas.set(id, delta);
      words.add(wordOf(id));
    }
    creditedUMor = credited;
    count++;
  }
  return { earned, count, deltas, creditedUMor, before: lifetimeWei, after };
}
