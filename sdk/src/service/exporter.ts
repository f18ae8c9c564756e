/// <reference types="node" />
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { followEvents, type EventCursor, type FollowOptions } from "../actions/followEvents.js";
import type { Deployment } from "../deployment/index.js";
import { decodeError } from "../errors/decode.js";
import type { Address } from "../units/index.js";
import { ChainTotals, COUNTED_EVENTS, readChainFigures, type WatchStep } from "../watch/index.js";
import { ChainMetrics } from "./chainMetrics.js";
import { serverUrl } from "./http/serverUrl.js";

/** What an exporter is made of. All may be left out. */
export interface ExporterOptions extends Pick<
  FollowOptions,
  "confirmations" | "keepBlocks" | "maxBlocksPerRequest" | "attempts"
> {
  /** Where it listens; 127.0.0.1 and a free port when left out. */
  readonly host?: string;
  readonly port?: number;
  /** Milliseconds between looks at the chain; 12,000 when left out. */
  readonly pollMs?: number;
  /** Accounts that pay for gas, by the name under which they are shown. */
  readonly accounts?: Readonly<Record<string, Address>>;
  /** Base URLs of routers: how many of the set are ready is asked there. */
  readonly routers?: Readonly<Record<Address, string>>;
  /** The present, in Unix milliseconds; the system's clock when left out. */
  readonly now?: () => bigint;
}

/** A running exporter. */
export interface ChainExporter {
  /** Prometheus scrapes `/metrics` under it; `/health` says that the process is up. */
  readonly url: string;
  readonly metrics: ChainMetrics;
  /** Look at the chain now. What fails is counted, not thrown. */
  refresh(): Promise<void>;
  /** Take a step of `watch`, so that its findings and alarms are exported too. */
  note(step: WatchStep): void;
  /** Stop listening and looking. */
  stop(): Promise<void>;
}

const POLL_MS = 12_000;
const PROBE_MS = 2_000;

/**
 * Export what an operator watches of a deployment for Prometheus: pool, budget, quorum, attestations, claims, pauses, and the age of it
 * all. It reads the chain and needs no key. Everything since the deployment is read once before it listens.
 *
 * @example
 * const exporter = await startExporter(d, { port: 9464, accounts: { poster } });
 * for await (const step of watch(d, options)) exporter.note(step);
 * @throws the errors of `followEvents` and `readChainFigures` for the first look, and what the operating system says of the address
 */
export async function startExporter(d: Deployment, options: ExporterOptions = {}): Promise<ChainExporter> {
  const exporter = new Exporter(d, options);
  await exporter.look();
  await exporter.listen();
  return exporter;
}

class Exporter implements ChainExporter {
  readonly metrics = new ChainMetrics();
  readonly #d: Deployment;
  readonly #options: ExporterOptions;
  readonly #totals = new ChainTotals();
  readonly #server: Server;
  #cursor: EventCursor | undefined;
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #url = "";

  constructor(d: Deployment, options: ExporterOptions) {
    this.#d = d;
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(String(request.url), response));
  }

  get url(): string {
    return this.#url;
  }

  async listen(): Promise<void> {
    const { host = "127.0.0.1", port = 0, pollMs = POLL_MS } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    this.#url = serverUrl(this.#server.address() as AddressInfo);
    this.#timer = setInterval(() => void this.refresh(), pollMs);
  }

  note(step: WatchStep): void {
    this.metrics.note(step);
  }

  refresh(): Promise<void> {
    this.#refreshing ??= this.look()
      .catch((error: unknown) => this.metrics.failed(decodeError(error).code))
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    await this.#refreshing;
  }

  /** One look at the chain. @throws what fails */
  async look(): Promise<void> {
    const { accounts = {}, now = () => BigInt(Date.now()) } = this.#options;
    for await (const step of followEvents(this.#d, COUNTED_EVENTS, this.#cursor, this.#options)) {
      this.#cursor = step.cursor;
      this.#totals.take(step);
    }
    const figures = await readChainFigures(this.#d);
    const at = now() / 1_000n;
    this.metrics.figures(figures, at);
    this.metrics.totals(this.#totals);
    const { lastActiveAt } = this.#totals;
    if (lastActiveAt !== undefined) {
      const age = at - (lastActiveAt - this.#d.activationDelaySeconds);
      this.metrics.set("last_attestation_age_seconds", Math.max(Number(age), 0));
    }
    for (const [account, address] of Object.entries(accounts)) {
      this.metrics.balance(account, await this.#d.provider.getBalance(address));
    }
    await this.#probe(figures.set.routers.map(({ account }) => account));
    this.metrics.set("up", 1);
  }

  /** Ask the routers of the set whether they are ready. */
  async #probe(set: readonly Address[]): Promise<void> {
    const { routers } = this.#options;
    if (routers === undefined) return;
    const urls = new Map(Object.entries(routers).map(([account, url]) => [account.toLowerCase(), url]));
    const isReady = async (account: Address) => {
      const url = urls.get(account.toLowerCase());
      if (url === undefined) return false;
      const signal = AbortSignal.timeout(PROBE_MS);
      return fetch(`${url.replace(/\/$/, "")}/ready`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    const ready = await Promise.all(set.map(isReady));
    this.metrics.set("live_routers", ready.filter(Boolean).length);
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    const { registry } = this.metrics;
    if (path === "/metrics") {
      response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
    } else if (path === "/health") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"status":"up"}');
    } else {
      response.writeHead(404, { "content-type": "application/json" }).end('{"code":"ResourceUnknown"}');
    }
  }
}
