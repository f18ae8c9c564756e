import { InvalidPolicy } from "../errors/router.js";
import type { FailureParams, PriceRange } from "../market/index.js";
import type { GateParams } from "../quality/index.js";

/** What the users of a day share: the budget of the day and all MOR at its first block, both in wei. */
export interface AccessBudget {
  readonly budgetWei: bigint;
  readonly supplyWei: bigint;
}

/** What an operator decides. Co-signers must hold the same policy, or they will not agree (design.md section 12). */
export interface RouterPolicy {
  /** Budget of a block-day: at most the reserve's, less for a stricter operator. The same answer for the same day. */
  readonly accessOf: (day: bigint) => AccessBudget;
  /** Seconds from a match to the last one in which its report is taken; 600. */
  readonly reportSeconds: bigint;
  /** Longest time from an RFC's issue to its deadline, in seconds: replays are remembered for as long; 3,600. */
  readonly maxRfcSeconds: bigint;
  /** How far the stamps of others may stray from this router's clock, in milliseconds; 2,000. */
  readonly clockSkewMs: bigint;
  /** RFCs that may wait at once; 100,000. */
  readonly maxWaiting: number;
  /** Seconds in which a signed attestation may be posted; 3,600. */
  readonly attestationSeconds: bigint;
  /** The quality gate of each model; at most 10 of its 50 samples are one user's. */
  readonly gate: Omit<GateParams, "samples">;
  /** When a provider is passed over. */
  readonly failures: Partial<FailureParams>;
  /** Prices that are ever chosen; any positive one when left out. */
  readonly priceRange?: PriceRange;
}

const DEFAULTS = {
  reportSeconds: 600n,
  maxRfcSeconds: 3_600n,
  clockSkewMs: 2_000n,
  maxWaiting: 100_000,
  attestationSeconds: 3_600n,
  gate: { perUserCap: 10 },
  failures: {},
} satisfies Partial<RouterPolicy>;

/** Fill in the local defaults of design.md section 12. @throws InvalidPolicy */
export function createPolicy(chosen: Pick<RouterPolicy, "accessOf"> & Partial<RouterPolicy>): RouterPolicy {
  const policy: RouterPolicy = { ...DEFAULTS, ...chosen };
  for (const setting of ["reportSeconds", "maxRfcSeconds", "attestationSeconds"] as const) {
    if (policy[setting] < 1n) throw new InvalidPolicy(setting, "at least 1 second", policy[setting]);
  }
  if (policy.clockSkewMs < 0n) throw new InvalidPolicy("clockSkewMs", "at least 0", policy.clockSkewMs);
  if (!Number.isSafeInteger(policy.maxWaiting) || policy.maxWaiting < 0) {
    throw new InvalidPolicy("maxWaiting", "a whole number, at least 0", policy.maxWaiting);
  }
  return Object.freeze(policy);
}
