/// <reference types="node" />
import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { WEI_PER_UMOR } from "../units/index.js";
import { COUNTED_EVENTS, type CountedEvent } from "../watch/chainTotals.js";
import type { ChainFigures, ChainTotals, WatchStep } from "../watch/index.js";

const WEI_PER_MOR = 1e18;
const UMOR_PER_MOR = 1e6;

/** Figures of a deployment. MOR and ether lose precision here: they are for the eye and for alerts. */
export const CHAIN_FIGURES = {
  held_mor: "MOR the compute contract holds",
  unused_mor: "Free pool",
  budget_mor: "Room of the block-day",
  drawn_mor: "Reserved on this block-day",
  allowance_mor: "What may still be reserved on this block-day",
  owed_mor: "Credited or awarded and not paid",
  bootstrap_mor: "Bootstrap pool",
  fresh_mor: "Arrivals not yet used as emission room",
  scheduled_mor: "Scheduled emission of the block-day",
  unbooked_mor: "Arrivals not yet booked",
  bonded_mor: "MOR the provider registry holds",
  attested_mor: "Lifetime credits",
  pending_attestations: "Attestations accepted and not active",
  last_seq: "Seq of the last attestation ever accepted",
  head_seq: "Seq of the last standing attestation",
  active_seq: "Seq of the last active attestation",
  last_attestation_age_seconds: "Time since an attestation was accepted, by the clock of this process",
  providers: "Providers ever registered",
  routers: "Routers in the set",
  threshold: "Routers that must sign",
  live_routers: "Routers of the set that are ready; absent when no address of theirs is configured",
  paused: "1 while attestations are paused",
  pause_seconds_left: "Time until a pause ends by itself",
  pause_armed: "1 when the guardian may pause",
  last_block: "Number of the newest block",
  last_block_age_seconds: "Time since the newest block, by the clock of this process",
  suspect_attestations: "Pending attestations that a watcher finds wrong; absent without a watcher",
  up: "1 when the last look at the chain succeeded",
} as const;

/** Name of a figure. */
export type ChainFigure = keyof typeof CHAIN_FIGURES;

/** What is measured of a deployment by one who only reads its chain. Names begin with `yellowstone_chain_`. */
export class ChainMetrics {
  readonly registry = new Registry();
  readonly #reorgs = this.#counter("reorgs_total", "Reorganisations met");
  readonly #errors = this.#counter("errors_total", "Looks at the chain that failed, by code", ["code"]);
  readonly #alarms = this.#counter("alarms_total", "Alarms of a watcher, by kind", ["kind"]);
  readonly #events = this.#gauge("events", "Events since the deployment, by name", ["event"]);
  readonly #eventMor = this.#gauge("event_mor", "MOR moved by events since the deployment, by name", ["event"]);
  readonly #balances = this.#gauge("account_ether", "Ether of accounts that pay for gas, by name", ["account"]);
  readonly #figures = new Map<ChainFigure, Gauge>();
  #reorgsSeen = 0;
  #pending = new Set<bigint>();
  readonly #suspects = new Set<bigint>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Set a figure. */
  set(name: ChainFigure, value: number): void {
    const gauge = this.#figures.get(name) ?? this.#gauge(name, CHAIN_FIGURES[name]);
    this.#figures.set(name, gauge);
    gauge.set(value);
  }

  /** Set what was read of the chain, at a moment in Unix seconds. */
  figures({ blockNumber, pool, head, set, bondedWei, pausedUntil, pauseArmed }: ChainFigures, at: bigint): void {
    const mor = (wei: bigint) => Number(wei) / WEI_PER_MOR;
    this.set("held_mor", mor(pool.heldWei));
    this.set("unused_mor", mor(pool.unusedWei));
    this.set("budget_mor", mor(pool.budgetWei));
    this.set("drawn_mor", mor(pool.drawnWei));
    this.set("allowance_mor", mor(pool.allowanceWei));
    this.set("owed_mor", mor(pool.owedWei));
    this.set("bootstrap_mor", mor(pool.bootstrapWei));
    this.set("fresh_mor", mor(pool.freshWei));
    this.set("scheduled_mor", mor(pool.scheduledWei));
    this.set("unbooked_mor", mor(pool.unbookedWei));
    this.set("bonded_mor", mor(bondedWei));
    this.set("attested_mor", mor(head.attestedUMor * WEI_PER_UMOR));
    this.set("pending_attestations", Number(head.headSeq - head.activeSeq));
    this.set("last_seq", Number(head.lastSeq));
    this.set("head_seq", Number(head.headSeq));
    this.set("active_seq", Number(head.activeSeq));
    this.set("providers", Number(head.providerCount));
    this.set("routers", set.routers.length);
    this.set("threshold", set.threshold);
    const pauseLeft = pausedUntil > head.timestamp ? Number(pausedUntil - head.timestamp) : 0;
    this.set("paused", pauseLeft > 0 ? 1 : 0);
    this.set("pause_seconds_left", pauseLeft);
    this.set("pause_armed", pauseArmed ? 1 : 0);
    this.set("last_block", blockNumber);
    this.set("last_block_age_seconds", Math.max(Number(at - head.timestamp), 0));
  }

  /** Set what was counted of the chain's events. */
  totals(totals: ChainTotals): void {
    for (const event of Object.keys(COUNTED_EVENTS) as CountedEvent[]) {
      const { count, amount } = totals.of(event);
      const isWei = event === "arrivalBooked" || event === "slashExecuted";
      this.#events.set({ event }, count);
      this.#eventMor.set({ event }, Number(amount) / (isWei ? WEI_PER_MOR : UMOR_PER_MOR));
    }
    this.#reorgs.inc(totals.reorgs - this.#reorgsSeen);
    this.#reorgsSeen = totals.reorgs;
  }

  /** Set the ether of an account that pays for gas. */
  balance(account: string, wei: bigint): void {
    this.#balances.set({ account }, Number(wei) / WEI_PER_MOR);
  }

  /** Count a failure by its code. */
  failed(code: string): void {
    this.#errors.inc({ code });
    this.set("up", 0);
  }

  /** Take a step of `watch`: findings and alarms become figures. */
  note(step: WatchStep): void {
    if (step.kind === "alarm") this.#alarms.inc({ kind: step.alarm.kind });
    if (step.kind === "attestation") {
      this.#pending.add(step.seq);
      if (step.findings.length > 0) this.#suspects.add(step.seq);
      else this.#suspects.delete(step.seq);
    }
    if (step.kind === "caughtUp") this.#pending = new Set(step.pending.map(({ seq }) => seq));
    this.set("suspect_attestations", [...this.#suspects].filter((seq) => this.#pending.has(seq)).length);
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ name: `yellowstone_chain_${name}`, help, labelNames, registers: [this.registry] });
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return new Counter({ name: `yellowstone_chain_${name}`, help, labelNames, registers: [this.registry] });
  }
}
