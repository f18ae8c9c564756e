/// <reference types="node" />
import type { ComputeState } from "../actions/readState.js";
import type { Deployment } from "../deployment/index.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { TransportFailed } from "../errors/quorum.js";
import { describeFinding, type ChainView } from "../quorum/index.js";
import { routerSetDigest } from "../router/index.js";
import { blockAt, dayAt } from "../units/index.js";
import { viewOf } from "./chainWatch.js";
import type { RouterConfig } from "./config/config.js";
import type { RouterCore } from "./core.js";
import { assumeAlive, createHttpLiveness } from "./liveness.js";
import { failureOf, type ServiceLog } from "./log.js";
import { measure } from "./measure.js";
import type { RouterMetrics } from "./metrics.js";
import { PeerDesk } from "./peerDesk.js";
import type { Poster } from "./poster.js";
import { Proposing } from "./proposing.js";
import { Settling } from "./settling.js";
import { UserDesk } from "./userDesk.js";

/** What a station is made of. */
export interface StationOptions {
  readonly core: RouterCore;
  readonly config: RouterConfig;
  readonly d: Deployment;
  readonly log: ServiceLog;
  readonly metrics: RouterMetrics;
  readonly poster: Poster | undefined;
}

/** A router at work under one router set: its desks, and one turn of its loop after the other. */
export class Station {
  readonly core: RouterCore;
  readonly users: UserDesk;
  readonly peers: PeerDesk;
  readonly #options: StationOptions;
  readonly #proposing: Proposing;
  readonly #settling: Settling;
  #state: ComputeState | undefined;
  #polledMs = -Infinity;
  #savedMs = performance.now();
  #closedHeight = -1n;
  #activeSeq = 0n;
  #isSetChanged = false;
  #polling: Promise<void> | undefined;
  /** Work that a turn does not wait for, by its name: each runs once at a time. */
  readonly #background = new Map<string, Promise<void>>();

  constructor(options: StationOptions) {
    const { core, config, d, log, metrics } = options;
    const { emissionStart, domain } = d;
    const { check, ...probe } = config.liveness;
    this.core = core;
    this.#options = options;
    const liveness = check ? createHttpLiveness(probe) : assumeAlive;
    this.users = new UserDesk({ core, domain, emissionStart, liveness, allowPrivate: probe.allowPrivate });
    const { timeoutMs, maxAnswerBytes } = config.quorum;
    const view = async (): Promise<ChainView> => {
      await this.#poll();
      return this.#view(await core.watch.state());
    };
    // A quarter: compressed evidence grows when it is written out.
    const maxBytes = Math.floor(maxAnswerBytes / 4);
    this.peers = new PeerDesk({ core, users: this.users, view, timeoutMs, maxBytes, log, metrics, now: nowMs });
    this.#settling = new Settling(core, this.peers, timeoutMs, log);
    const { node, archive, transport, set, self, reader } = core;
    const shared = { node, archive, transport, set, self, domain, reader, log, metrics };
    this.#proposing = new Proposing({ ...shared, ...config.quorum });
  }

  /** Zero of blocks and days, in Unix seconds. */
  get emissionStart(): bigint {
    return this.#options.d.emissionStart;
  }

  /** Whether the set in force is another than the one this station was opened for. */
  get isSetChanged(): boolean {
    return this.#isSetChanged;
  }

  /** Why requests are not served now; empty when they are. */
  notReady(): string[] {
    const { config } = this.#options;
    const reasons: string[] = [];
    if (performance.now() - this.#polledMs > 10 * config.chain.pollMs + 30_000)
      reasons.push("the chain does not answer");
    if (this.#state !== undefined && this.#state.head.lastSeq > this.core.node.acceptedSeq) {
      reasons.push("attestations on chain are not known here yet");
    }
    return reasons;
  }

  /** One turn: day, deadlines, blocks, the others, the chain, proposals. @throws what the router cannot go on after */
  async tick(): Promise<void> {
    const { core } = this;
    const { d, config, metrics } = this.#options;
    const atMs = nowMs();
    await this.#attempt("day", () => core.days.prepare(dayAt(atMs / 1_000n, d.emissionStart)));
    await this.#serveWaiting(atMs);
    await this.#closeBlocks(atMs);
    for (const { account } of core.set.routers) if (account !== core.self) void this.peers.follow(account);
    if (performance.now() - this.#polledMs >= config.chain.pollMs) await this.#attempt("chain", () => this.#poll());
    const state = this.#state;
    if (state !== undefined) {
      this.#inBackground("propose", () => this.#proposing.take(this.#view(state)));
      this.#inBackground("post", () => this.#post(state));
    }
    if (performance.now() - this.#savedMs >= config.archive.snapshotSeconds * 1_000) {
      this.#savedMs = performance.now();
      await core.node.save(this.#retainFromMs());
    }
    await measure(metrics, core, {
      openBlock: blockAt(nowMs() / 1_000n, d.emissionStart),
      isReady: this.notReady().length === 0,
      sinceAcceptedMs: performance.now() - this.#settling.lastAcceptedMs,
      state,
    });
  }

  /** Finish what runs beside the turns, and write everything down. */
  async close(): Promise<void> {
    await Promise.all(this.#background.values());
    await this.core.close(this.#retainFromMs());
  }

  /** Let go of the files as a crash does. */
  abandon(): Promise<void> {
    this.core.abandon();
    return Promise.resolve();
  }

  async #serveWaiting(atMs: bigint): Promise<void> {
    const { waiting, matched } = this.core.router.figures();
    if (waiting + matched === 0) return;
    for (const ended of await this.core.router.pump(atMs)) {
      if (ended.status === "matched") this.#inBackground(ended.rfcHash, () => this.users.settleOnLive(ended));
    }
  }

  async #closeBlocks(atMs: bigint): Promise<void> {
    const { core } = this;
    const height = blockAt(atMs / 1_000n, this.#options.d.emissionStart);
    if (height > this.#closedHeight) {
      await core.router.closeBlocks(atMs);
      this.#closedHeight = height;
    }
    for (const { height: at, findings } of await core.node.publish(atMs)) {
      this.#options.log.error(
        { height: at.toString(), findings: findings.map(describeFinding) },
        "own block does not hold",
      );
    }
  }

  /** Whoever asks while a poll runs waits for that one. */
  #poll(): Promise<void> {
    this.#polling ??= this.#pollOnce().finally(() => (this.#polling = undefined));
    return this.#polling;
  }

  async #pollOnce(): Promise<void> {
    const { core } = this;
    await core.watch.poll(this.#settling);
    const state = await core.watch.state();
    this.#state = state;
    this.#polledMs = performance.now();
    if (state.head.routerSet !== routerSetDigest(core.set)) this.#isSetChanged = true;
    if (state.head.activeSeq > this.#activeSeq) {
      this.#activeSeq = state.head.activeSeq;
      core.router.settled(this.#activeSeq);
    }
  }

  /** Post the next attestation that has its quorum, whichever router collected it. */
  async #post(state: ComputeState): Promise<void> {
    const { poster, config } = this.#options;
    const { head } = state;
    const { core } = this;
    if (poster === undefined || poster.isBusy) return;
    const seq = head.lastSeq + 1n;
    const own = core.archive.attestation(seq);
    if (own !== undefined && own.attestation.previousRoot === head.headRoot) return poster.offer(own, head);
    if (this.#proposing.turnOf(this.#view(state)) === undefined) return;
    for (const { account } of core.set.routers) {
      if (account === core.self) continue;
      try {
        const signal = AbortSignal.timeout(config.quorum.timeoutMs);
        const shown = await core.transport.fetchAttestation(account, seq, signal);
        if (shown !== undefined) return poster.offer(shown, head);
      } catch (error) {
        if (!(error instanceof TransportFailed)) throw error;
      }
    }
  }

  #view(state: ComputeState): ChainView {
    return viewOf(state, nowMs());
  }

  #inBackground(name: string, act: () => Promise<unknown>): void {
    if (this.#background.has(name)) return;
    const run = this.#attempt(name, act).finally(() => this.#background.delete(name));
    this.#background.set(name, run);
  }

  /** Do something whose failure the next turn makes good. */
  async #attempt(what: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const failure = failureOf(error);
      this.#options.metrics.failures.inc({ code: String(failure["code"]) });
      const level = error instanceof ChainRequestFailed ? "debug" : "warn";
      this.#options.log[level]({ what: what.slice(0, 16), ...failure }, "failed, is tried again");
    }
  }

  #retainFromMs(): bigint {
    return nowMs() - BigInt(this.#options.config.archive.retainSeconds) * 1_000n;
  }
}

function nowMs(): bigint {
  return BigInt(Date.now());
}
