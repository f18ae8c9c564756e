import type { Hash32, Outcome } from "@yellowstone-compute/sdk";

/** A report as the user signed it and when the router took it: what the independent calculation starts from. */
export interface RawReport {
  readonly provider: number;
  /** Index of the user who reported. */
  readonly user: number;
  readonly model: number;
  readonly priceWei: bigint;
  readonly tokens: bigint;
  readonly passed: boolean;
  readonly latencyMs: bigint;
  /** Moment at the router, in Unix milliseconds. */
  readonly atMs: bigint;
}

/** An attestation that was accepted, with the allowance it was drafted under. */
export interface PostedAttestation {
  readonly seq: bigint;
  readonly lastBlock: bigint;
  readonly allowanceUMor: bigint;
  readonly creditedUMor: bigint;
  /** Credits that waited when it was posted: the allowance did not hold them. */
  readonly waitingUMor: bigint;
  readonly activeAt: bigint;
  readonly debits: readonly RecordedDebit[];
  claimed: boolean;
  /** Dropped by the guardian: what it credited is attested again by a later one. */
  vetoed: boolean;
}

/** A debit as it was signed. */
export interface RecordedDebit {
  readonly provider: number;
  readonly amountUMor: bigint;
  readonly reasonHash: Hash32;
}

/** What settled credits and debts, in the order it happened. */
export type SettlementStep =
  | { readonly kind: "claim" | "debit"; readonly seq: bigint }
  | { readonly kind: "award"; readonly season: bigint }
  | { readonly kind: "exit"; readonly provider: number };

/** A season that was closed, and what each provider in its list won and was paid. */
export interface SeasonRecord {
  readonly season: bigint;
  readonly endAt: bigint;
  readonly poolUMor: bigint;
  readonly ranks: readonly {
    readonly provider: number;
    readonly weightUMor: bigint;
    readonly shareUMor: bigint;
    readonly paidUMor: bigint;
  }[];
}

/** A provider that left, and what its bond paid. */
export interface ExitRecord {
  readonly provider: number;
  readonly bondWei: bigint;
  readonly paidWei: bigint;
  readonly coveredWei: bigint;
}

/** Outcomes of one provider's jobs. */
export type ProviderOutcomes = Record<"served" | "failed" | "tooSlow" | "empty" | "unreported", number>;

/** Everything the simulation leaves behind. */
export interface ReplayRecords {
  readonly reports: RawReport[];
  readonly attestations: PostedAttestation[];
  readonly steps: SettlementStep[];
  readonly exits: ExitRecord[];
  readonly seasons: SeasonRecord[];
  readonly byProvider: ProviderOutcomes[];
  readonly rejections: Map<string, number>;
  readonly outcomes: Record<Outcome, number>;
  queued: number;
  longestQueue: number;
  tokens: bigint;
}

/** Records of a replay that has not begun. */
export function emptyRecords(providers: number): ReplayRecords {
  return {
    reports: [],
    attestations: [],
    steps: [],
    exits: [],
    seasons: [],
    byProvider: Array.from({ length: providers }, () => ({
      served: 0,
      failed: 0,
      tooSlow: 0,
      empty: 0,
      unreported: 0,
    })),
    rejections: new Map(),
    outcomes: { served: 0, failed: 0, tooSlow: 0, empty: 0, unreported: 0, unserved: 0, rejected: 0 },
    queued: 0,
    longestQueue: 0,
    tokens: 0n,
  };
}
