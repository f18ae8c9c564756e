import { UMOR, min } from "./units.js";
import type { Log, Place, Value } from "./outcome.js";

/** A provider's record: amounts in wei, debt in uMOR, moments in Unix seconds, 0 where nothing is pending. */
export interface Provider {
  owner: bigint;
  payout: bigint;
  bondWei: bigint;
  debtUMor: bigint;
  exitAt: bigint;
  exited: boolean;
  pendingOwner: bigint;
  pendingOwnerAt: bigint;
  pendingPayout: bigint;
  pendingPayoutAt: bigint;
}

/** States of a slash. */
export const SLASH = { unknown: 0n, pending: 1n, executed: 2n, vetoed: 3n } as const;

/** A slash order that was posted. */
export interface Slash {
  readonly id: number;
  readonly executableAt: bigint;
  readonly amountWei: bigint;
  state: bigint;
}

/** Delays in seconds. */
export interface Delays {
  readonly change: bigint;
  readonly unbonding: bigint;
  readonly slash: bigint;
}

/** Providers, bonds and debts (design 8). */
export class Registry {
  readonly providers: Provider[] = [];
  readonly slashes = new Map<bigint, Slash>();
  /** Recorded possessions: who signed last for a provider and a model. */
  readonly possessions = new Map<string, bigint>();

  constructor(
    readonly delays: Delays,
    public minBondWei: bigint,
    readonly forbiddenPayouts: ReadonlySet<bigint>,
  ) {}

  /** Number of ids given out. */
  get count(): bigint {
    return BigInt(this.providers.length);
  }

  /** Whether a provider has its bond and stays. */
  isBonded({ bondWei, exitAt }: Provider): boolean {
    return bondWei >= this.minBondWei && exitAt === 0n;
  }

  /** Whether the present owner of `id` signed that it holds `modelId`. */
  hasModel(id: number, modelId: bigint): boolean {
    return this.possessions.get(`${id} ${modelId}`) === this.providers[id]!.owner;
  }

  /** Book a debit as debt. */
  bookDebt(id: number, amountUMor: bigint): Log {
    const provider = this.providers[id]!;
    provider.debtUMor += amountUMor;
    return logOf("registry", "DebtBooked", BigInt(id), amountUMor, provider.debtUMor);
  }

  /** Net debt. */
  absorbDebt(id: number, amountUMor: bigint): Log {
    const provider = this.providers[id]!;
    provider.debtUMor -= amountUMor;
    return logOf("registry", "DebtAbsorbed", BigInt(id), amountUMor, provider.debtUMor);
  }

  /** What of a bond covers debt, in whole uMOR as debts are. */
  covered({ bondWei, debtUMor }: Provider): bigint {
    return min(bondWei / UMOR, debtUMor);
  }
}

/** A log, written in one line. */
export const logOf = (place: Place, event: string, ...args: Value[]): Log => ({ place, event, args });
