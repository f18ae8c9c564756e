/// <reference types="node" />
import { setTimeout as sleep } from "node:timers/promises";
import { Wallet } from "ethers";
import { connect, type Deployment } from "../deployment/index.js";
import { YellowstoneError } from "../errors/base.js";
import { KeyUnavailable, RouterNotReady } from "../errors/service.js";
import type { JsonRpcProvider } from "ethers";
import { bytesToHex } from "../crypto/index.js";
import { openProvider } from "./chainAccess.js";
import type { RouterConfig } from "./config/config.js";
import { openCore } from "./core.js";
import { createHttpServer, type RunningServer } from "./http/server.js";
import { loadKey, routerKeyOf, textOf, type Environment, type RouterKey } from "./keys.js";
import { failureOf, type ServiceLog } from "./log.js";
import { RouterMetrics } from "./metrics.js";
import { Poster } from "./poster.js";
import { Station } from "./station.js";
import { createVerifierPool, type VerifierPool } from "./verifierPool.js";

/** What a router service is started from. */
export interface ServiceOptions {
  readonly config: RouterConfig;
  /** Where keys and secret texts are. */
  readonly env: Environment;
  readonly log: ServiceLog;
}

/** A router that serves. */
export interface RouterService {
  /** Address and port it listens on. */
  readonly url: string;
  readonly metrics: RouterMetrics;
  /** Resolves when it has stopped by itself: with the failure that it cannot go on after. */
  readonly stopped: Promise<YellowstoneError | undefined>;
  /** Finish what was begun, write everything down, and stop. */
  stop(): Promise<void>;
}

/** The chain and the keys of a service, checked. */
export interface Connected {
  readonly provider: JsonRpcProvider;
  readonly d: Deployment;
  readonly key: RouterKey;
  /** The deployment on the runner that pays for transactions. */
  readonly payer: Deployment | undefined;
}

/** Load the keys and connect to the deployment of a configuration. @throws KeyUnavailable and the errors of `connect` */
export async function connectService({ config, env }: Pick<ServiceOptions, "config" | "env">): Promise<Connected> {
  const key = routerKeyOf(await loadKey(config.key, env));
  const payerKey = config.poster === undefined ? undefined : await loadKey(config.poster, env);
  const provider = await openProvider(textOf(config.chain.rpcUrl, env));
  try {
    const d = await connect({ runner: provider, addresses: config.deployment });
    if (payerKey === undefined) return { provider, d, key, payer: undefined };
    const wallet = new Wallet(bytesToHex(payerKey), provider);
    if (wallet.address === key.signer.address) {
      throw new KeyUnavailable("poster", "it is the router's own key, which never sends a transaction");
    }
    return { provider, d, key, payer: await connect({ runner: wallet, addresses: config.deployment }) };
  } catch (reason) {
    provider.destroy();
    throw reason;
  }
}

/**
 * Start a router: its journal, its place among the other routers, its HTTP server and its loop.
 *
 * @example
 * const service = await startRouter({ config: readConfig(text), env: process.env, log: createLog("info") });
 * process.once("SIGTERM", () => void service.stop());
 * await service.stopped;
 * @throws the errors of `connectService` and `openCore`
 */
export async function startRouter(options: ServiceOptions): Promise<RouterService> {
  const connected = await connectService(options);
  const { config } = options;
  const pool = config.verifiers > 0 ? createVerifierPool({ workers: config.verifiers }) : undefined;
  const service = new Service(options, connected, pool);
  try {
    await service.start();
  } catch (reason) {
    await service.stop();
    throw reason;
  }
  return service;
}

/** Failures after which a router must not go on: what it decides could not be written down. */
const FATAL = new Set(["JournalHalted", "JournalFailed", "JournalDamaged", "JournalReadOnly", "ArchiveInvalid"]);

class Service implements RouterService {
  readonly metrics = new RouterMetrics();
  readonly stopped: Promise<YellowstoneError | undefined>;
  readonly #options: ServiceOptions;
  readonly #connected: Connected;
  readonly #pool: VerifierPool | undefined;
  readonly #poster: Poster | undefined;
  readonly #abort = new AbortController();
  #resolve!: (failure: YellowstoneError | undefined) => void;
  #station: Station | undefined;
  #server: RunningServer | undefined;
  #url = "";
  #loop: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(options: ServiceOptions, connected: Connected, pool: VerifierPool | undefined) {
    this.#options = options;
    this.#connected = connected;
    this.#pool = pool;
    const { payer } = connected;
    this.#poster = payer && new Poster(payer, options.log, this.metrics);
    this.stopped = new Promise((resolve) => (this.#resolve = resolve));
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const { config, log } = this.#options;
    const { d, key } = this.#connected;
    this.#station = await this.#openStation();
    // One turn before anybody is served: day, blocks and chain are known then.
    await this.#station.tick();
    this.#server = await createHttpServer({
      config,
      domain: d.domain,
      self: key.signer.address,
      metrics: this.metrics,
      log,
      station: () => this.#requireStation(),
    });
    this.#url = this.#server.url;
    log.info({ url: this.#url, router: key.signer.address, chainId: d.chainId.toString() }, "serving");
    this.#loop = this.#run();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop(undefined);
    return this.#stopping;
  }

  #requireStation(): Station {
    if (this.#station === undefined || this.#stopping !== undefined) {
      throw new RouterNotReady([this.#stopping === undefined ? "it changes to another router set" : "it stops"]);
    }
    return this.#station;
  }

  async #openStation(): Promise<Station> {
    const { config, env, log } = this.#options;
    const { d, key } = this.#connected;
    const peer = { blocksAfter: (height: bigint) => this.#requireStation().peers.blocksAfter(height) };
    const parts = { config, env, d, key, nowMs: BigInt(Date.now()), pool: this.#pool, peer };
    return new Station({ core: await openCore(parts), config, d, log, metrics: this.metrics, poster: this.#poster });
  }

  async #run(): Promise<void> {
    const { config } = this.#options;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const end = this.metrics.ticks.startTimer();
      try {
        this.#station ??= await this.#openStation();
        await this.#station.tick();
        if (this.#station.isSetChanged) await this.#leaveSet();
      } catch (error) {
        this.#fail(error);
      }
      end();
      await sleep(config.tickMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Close the router of the old set; the next turn opens it for the new one. Requests meanwhile are told to come again. */
  async #leaveSet(): Promise<void> {
    this.#options.log.warn({}, "the router set changed");
    const old = this.#station;
    this.#station = undefined;
    await old?.close();
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    this.metrics.failures.inc({ code: String(failure["code"]) });
    const isTyped = error instanceof YellowstoneError;
    // Between two sets, what will not pass is the end: the router may not be in the new one.
    const isFatal =
      (isTyped && FATAL.has(error.code)) || (this.#station === undefined && !(isTyped && error.retry !== "no"));
    this.#options.log[isFatal ? "fatal" : "warn"](failure, isFatal ? "cannot go on" : "a turn of the loop failed");
    if (!isFatal) return;
    const cause = isTyped ? (error as YellowstoneError) : new RouterNotReady(["it failed"]);
    this.#abort.abort();
    // Not from within the loop, which it waits for.
    setImmediate(() => {
      this.#stopping ??= this.#stop(cause);
    });
  }

  async #stop(failure: YellowstoneError | undefined): Promise<void> {
    const { log } = this.#options;
    this.#abort.abort();
    const steps: [string, () => Promise<unknown> | undefined][] = [
      ["server", () => this.#server?.close()],
      ["loop", () => this.#loop],
      ["poster", () => this.#poster?.close()],
      ["router", () => (failure === undefined ? this.#station?.close() : this.#station?.abandon())],
      ["verifiers", () => this.#pool?.close()],
    ];
    for (const [part, close] of steps) {
      try {
        await close();
      } catch (error) {
        log.error({ part, ...failureOf(error) }, "did not close");
      }
    }
    this.#connected.provider.destroy();
    log.info({}, "stopped");
    this.#resolve(failure);
  }
}
