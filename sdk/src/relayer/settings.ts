import { InvalidRelaySetting } from "../errors/relayer.js";
import { CHAIN_LIMITS, type ChainLimits } from "../ledger/attestation.js";

/** When a payment is worth its fee. */
export interface ProfitPolicy {
  /** What one MOR is worth, in wei of the chain's own coin. */
  readonly weiPerMor: bigint;
  /** Claims and awards are sent when what they pay is worth at least this share of their fee, in percent; 100 without it. */
  readonly percent?: number;
}

/** What may be paid for gas. Amounts in wei a gas. */
export interface FeePolicy {
  /** Nothing is sent at a higher price; no cap without it. */
  readonly maxFeePerGasWei?: bigint;
  /** Tip; what the node suggests without it. */
  readonly priorityFeePerGasWei?: bigint;
  /** How much more a replacement offers, in percent: at least 10, which nodes ask for; 12 without it. */
  readonly bumpPercent?: number;
  /** Without it everything is sent, whatever it brings. */
  readonly profit?: ProfitPolicy;
}

/** What the chain takes, and how much is under way. */
export interface RelayLimits extends Partial<ChainLimits> {
  /** Transactions that wait for a block at the same time; 4 without it. */
  readonly inFlight?: number;
  /** Margin above the estimate of gas in percent; 15 without it. */
  readonly gasMarginPercent?: number;
  /** Blocks that must stand on a transaction, its own included, before it counts; 2 without it. */
  readonly confirmations?: number;
}

/** How patient a relayer is. All in milliseconds. */
export interface RelayTiming {
  /** Between two looks at the chain; 2,000 without it. */
  readonly pollMs?: number;
  /** After which a transaction that is in no block is replaced by one that pays more; 30,000 without it. */
  readonly stuckAfterMs?: number;
  /** After which a request counts as lost; 15,000 without it. */
  readonly timeoutMs?: number;
  /** Times that a request is sent in all before the look at the chain is given up; 4 without it. */
  readonly attempts?: number;
  /** First pause before a request is sent again, doubled each time; 250 without it. */
  readonly backoffMs?: number;
  /** Longest pause; 60,000 without it. A longer Retry-After is honoured all the same. */
  readonly backoffMaxMs?: number;
  /** How long ended jobs can be asked for; 7 days without it. */
  readonly retainMs?: number;
}

/** Every setting with its value. */
export interface RelaySettings {
  readonly fees: FeePolicy & { readonly bumpPercent: number };
  readonly limits: Required<RelayLimits>;
  readonly timing: Required<RelayTiming>;
}

const TIMING: Required<RelayTiming> = {
  pollMs: 2_000,
  stuckAfterMs: 30_000,
  timeoutMs: 15_000,
  attempts: 4,
  backoffMs: 250,
  backoffMaxMs: 60_000,
  retainMs: 7 * 86_400_000,
};
/** Nodes refuse a replacement that does not offer a tenth more. */
const LEAST_BUMP_PERCENT = 10;

/** Take settings, with defaults for those left out. @throws InvalidRelaySetting */
export function relaySettings(fees: FeePolicy = {}, limits: RelayLimits = {}, timing: RelayTiming = {}): RelaySettings {
  const { maxBytes, maxGas } = CHAIN_LIMITS.nitro;
  const settings: RelaySettings = {
    fees: { bumpPercent: 12, ...fees },
    limits: { maxBytes, maxGas, inFlight: 4, gasMarginPercent: 15, confirmations: 2, ...limits },
    timing: { ...TIMING, ...timing },
  };
  atLeast("bumpPercent", settings.fees.bumpPercent, LEAST_BUMP_PERCENT);
  for (const name of ["maxBytes", "maxGas", "inFlight", "confirmations"] as const) {
    atLeast(name, settings.limits[name], 1);
  }
  atLeast("gasMarginPercent", settings.limits.gasMarginPercent, 0);
  for (const name of Object.keys(TIMING) as (keyof RelayTiming)[]) {
    atLeast(name, settings.timing[name], name === "attempts" ? 1 : 0);
  }
  const { profit } = settings.fees;
  if (profit !== undefined) {
    atLeast("profit.percent", profit.percent ?? 100, 1);
    if (profit.weiPerMor < 0n) throw new InvalidRelaySetting("profit.weiPerMor", "at least 0 wei", profit.weiPerMor);
  }
  return settings;
}

function atLeast(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InvalidRelaySetting(name, `a whole number of at least ${least}`, value);
  }
}
