/// <reference types="node" />
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { OUTCOMES } from "../router/index.js";

/** What a router counts. No label names a user, a key or a model. */
export class RouterMetrics {
  readonly registry = new Registry();
  readonly requests = new Histogram({
    name: "yellowstone_http_request_seconds",
    help: "Time from a request to its answer",
    labelNames: ["route", "method", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });
  readonly ticks = this.#histogram("yellowstone_tick_seconds", "Time of one turn of the loop");
  readonly quorums = this.#histogram("yellowstone_quorum_seconds", "Time to collect a quorum");
  readonly refusedBlocks = this.#counter("yellowstone_refused_blocks_total", "Blocks of others that did not hold");
  readonly refusals = this.#counter("yellowstone_refusals_total", "Proposals of others that were not signed");
  readonly coSigned = this.#counter("yellowstone_cosigned_total", "Proposals of others that were signed");
  readonly missedQuorums = this.#counter("yellowstone_missed_quorums_total", "Proposals without a quorum in time");
  readonly posted = this.#counter("yellowstone_posted_total", "Attestations this process has posted");
  readonly failures = new Counter({
    name: "yellowstone_failures_total",
    help: "Failures of the loop by their code",
    labelNames: ["code"],
    registers: [this.registry],
  });
  readonly #outcomes = new Gauge({
    name: "yellowstone_outcomes",
    help: "RFCs by the way they ended",
    labelNames: ["outcome"],
    registers: [this.registry],
  });
  readonly #gauges = new Map<string, Gauge>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const outcome of OUTCOMES) this.#outcomes.set({ outcome }, 0);
  }

  /** Set the ends of RFCs. */
  outcomes(counts: Readonly<Record<string, number>>): void {
    for (const [outcome, count] of Object.entries(counts)) this.#outcomes.set({ outcome }, count);
  }

  /** Set a figure of `FIGURES`. Amounts lose precision here: they are for the eye. */
  set(name: keyof typeof FIGURES, value: number | bigint): void {
    const known = this.#gauges.get(name);
    const gauge = known ?? new Gauge({ name: `yellowstone_${name}`, help: FIGURES[name], registers: [this.registry] });
    this.#gauges.set(name, gauge);
    gauge.set(Number(value));
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60], registers: [this.registry] });
  }
}

/** Figures that rise and fall. */
export const FIGURES = {
  waiting: "RFCs in the queue",
  matched: "Matches without a report",
  backlog_umor: "Credits judged and not attested",
  allowance_umor: "What the guard still allows today",
  pending_attestations: "Attestations accepted and not active",
  seq: "Seq of the last attestation accepted on chain",
  active_seq: "Seq of the last active attestation",
  attested_umor: "Lifetime credits on chain",
  last_attestation_age_seconds: "Time since an attestation was accepted",
  block_height: "Height of the open inference block",
  closed_height: "Height of this router's last block that is published",
  journal_bytes: "Bytes of the journal",
  journal_inputs: "Inputs in the journal since it was begun",
  routers: "Routers in the set",
  routers_behind: "Routers whose blocks are missing here",
  equivocations: "Proofs that a router signed two things at one place",
  ready: "1 when requests are served",
} as const;
