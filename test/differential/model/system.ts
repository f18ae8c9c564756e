import { Emission, type EmissionParameters } from "./emission.js";
import { Ledger } from "./ledger.js";
import { Reserve, type Window } from "./reserve.js";
import { Registry, type Delays } from "./registry.js";
import { Routers, type Router } from "./routers.js";
import { Seasons } from "./seasons.js";
import { Token } from "./token.js";
import { BLOCK } from "./units.js";
import type { Log, Reasons } from "./outcome.js";
import { logOf } from "./registry.js";

/** Everything that a deployment is told, and where it stands. */
export interface Deployment {
  readonly emission: EmissionParameters;
  readonly window: Window;
  readonly activationDelay: bigint;
  readonly delays: Omit<Delays, "slash">;
  readonly minBondWei: bigint;
  readonly routers: readonly Router[];
  readonly threshold: bigint;
  readonly guardian: bigint;
  readonly governance: bigint;
  readonly deployedAt: bigint;
  readonly addresses: Readonly<Record<"compute" | "registry" | "routers" | "bootstrap" | "token", bigint>>;
}

/** The whole system, in plain numbers. */
export class System {
  readonly token = new Token();
  readonly emission: Emission;
  readonly reserve: Reserve;
  readonly ledger: Ledger;
  readonly registry: Registry;
  readonly routers: Routers;
  readonly seasons: Seasons;
  pausedUntil = 0n;
  armed = true;
  /** Records that the last step changed, for the comparison: `provider 3`, `attestation 7` and so on. */
  readonly touched = new Set<string>();

  constructor(readonly deployment: Deployment) {
    const { addresses, window, deployedAt } = deployment;
    this.emission = new Emission(deployment.emission);
    this.reserve = new Reserve(this.emission, this.token, addresses.compute, window, deployedAt);
    this.ledger = new Ledger(deployment.activationDelay, window, this.heightOf(deployedAt));
    const delays = { ...deployment.delays, slash: deployment.activationDelay };
    const forbidden = new Set([0n, addresses.token, addresses.compute, addresses.registry, addresses.bootstrap]);
    this.registry = new Registry(delays, deployment.minBondWei, forbidden);
    this.routers = new Routers(deployment.routers, deployment.threshold);
    this.seasons = new Seasons(window);
  }

  /** The inference block that is open at `t`. */
  heightOf(t: bigint): bigint {
    return (t - this.deployment.emission.startAt) / BLOCK;
  }

  /** Whether attestations are paused. */
  isPaused(now: bigint): boolean {
    return now < this.pausedUntil;
  }

  /** A reason to refuse unless `sender` has the role of `holder`. */
  requireRole(reasons: Reasons, sender: bigint, holder: "guardian" | "governance"): void {
    reasons.when(sender !== this.deployment[holder], "AccessManagedUnauthorized", sender);
  }

  /**
   * Pay `dueUMor` to provider `id`: debt is netted, the rest paid. Undefined if the token refuses the payee; then nothing has
   * changed but the log that says so.
   */
  payOne(id: number, dueUMor: bigint, logs: Log[]): bigint | undefined {
    const { payout, debtUMor } = this.registry.providers[id]!;
    const absorbed = dueUMor < debtUMor ? dueUMor : debtUMor;
    const paid = dueUMor - absorbed;
    if (paid > 0n && this.token.refused.has(payout)) {
      logs.push(logOf("compute", "PaymentFailed", BigInt(id), payout, paid));
      return undefined;
    }
    if (paid > 0n) logs.push(this.reserve.pay(payout, paid));
    if (absorbed > 0n) {
      this.reserve.absorb(absorbed);
      logs.push(this.registry.absorbDebt(id, absorbed));
    }
    this.touch("provider", id);
    return paid;
  }

  /** Remember that a record changed. */
  touch(kind: "provider" | "attestation" | "season" | "slash", key: bigint | number): void {
    this.touched.add(`${kind} ${key}`);
  }
}
