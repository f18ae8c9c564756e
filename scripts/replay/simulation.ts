import {
  localSigner,
  type Address,
  type Domain,
  type Hash32,
  type LocalSigner,
  type Matched,
  type ModelId,
  type Queued,
  type Rejected,
  type Router,
  type Unreported,
  type Unserved,
} from "@yellowstone-compute/sdk";
import type { Timeline } from "./events.js";
import type { ReplayInput } from "./input/index.js";
import { checkQuery, queryKeyOf, signQuery, signReport, signRequest, type UserRequest } from "./parties.js";
import type { ReplayRecords } from "./records.js";

/** Milliseconds after which a provider's error is back: the measurements hold no time for errors. */
const ERROR_MS = 250n;
/** Declared synthetic: this request of every so many is never reported, this one is answered with nothing. */
export const SILENT_EVERY = 2_500;
export const EMPTY_EVERY = 1_300;

/** Everything the simulated hour runs on. */
export interface SimulationContext {
  readonly input: ReplayInput;
  readonly seed: number;
  readonly router: Router;
  readonly domain: Domain;
  readonly models: readonly ModelId[];
  readonly timeline: Timeline;
  readonly records: ReplayRecords;
  readonly firstRequestAtMs: bigint;
}

type Placed = Matched | Queued | Rejected | Unserved | Unreported;

/** An RFC on its way: the index of its request, and the user's side of it. */
interface Underway extends UserRequest {
  readonly index: number;
}

/** Users and providers of the replay, and what passes between them and the router. */
export class Simulation {
  readonly #c: SimulationContext;
  readonly #users: readonly LocalSigner[];
  readonly #underway = new Map<Hash32, Underway>();
  /** Jobs so far of each provider and model: each takes the next measured row. */
  readonly #jobs = new Map<string, number>();
  arrived = 0;

  constructor(context: SimulationContext) {
    this.#c = context;
    this.#users = context.input.users.map(({ privateKey }) => localSigner(privateKey));
  }

  /** Plan the arrival of every request, one after the other. */
  begin(): void {
    this.#planArrival(0);
  }

  /** RFCs and matches whose deadline has passed, and waiting RFCs for providers that became free. */
  async sweep(): Promise<void> {
    const { router, timeline } = this.#c;
    for (const ended of router.expire(timeline.nowMs)) await this.#place(ended);
    await this.#pump();
  }

  #planArrival(index: number): void {
    const { input, timeline, firstRequestAtMs } = this.#c;
    const request = input.requests[index];
    const first = input.requests[0];
    if (request === undefined || first === undefined) return;
    timeline.plan(firstRequestAtMs + request.arrivalMs - first.arrivalMs, async () => {
      this.#planArrival(index + 1);
      await this.#arrive(index);
    });
  }

  async #arrive(index: number): Promise<void> {
    const { input, seed, router, domain, models, timeline } = this.#c;
    const { user, model, tokens } = input.requests[index]!;
    this.arrived += 1;
    const request = await signRequest(
      this.#users[user]!,
      {
        queryKey: queryKeyOf(seed, index),
        modelId: models[model]!,
        tokens,
        atMs: timeline.nowMs,
        nonce: BigInt(index),
      },
      domain,
    );
    const placed = await router.admit(request.rfc, {
      balanceWei: input.users[user]!.balanceWei,
      atMs: timeline.nowMs,
    });
    if (placed.rfcHash !== undefined) this.#underway.set(placed.rfcHash, { ...request, index });
    await this.#place(placed);
  }

  async #pump(): Promise<void> {
    const { router, timeline } = this.#c;
    if (router.figures().waiting === 0) return;
    for (const placed of await router.pump(timeline.nowMs)) await this.#place(placed);
  }

  async #place(placed: Placed): Promise<void> {
    const { records, router } = this.#c;
    if (placed.status === "matched") return this.#serve(placed);
    if (placed.status === "queued") {
      records.queued += 1;
      records.longestQueue = Math.max(records.longestQueue, router.figures().waiting);
      return;
    }
    records.outcomes[placed.status] += 1;
    if (placed.status === "unreported") this.#provider(placed.providerId).unreported += 1;
    if (placed.status === "rejected") {
      records.rejections.set(placed.reason.code, (records.rejections.get(placed.reason.code) ?? 0) + 1);
    }
    if (placed.rfcHash !== undefined) this.#underway.delete(placed.rfcHash);
  }

  /** User and provider find each other; the answer takes as long as it was measured. */
  async #serve({ match, matchHash, rfcHash }: Matched): Promise<void> {
    const { input, router, domain, timeline } = this.#c;
    const underway = this.#underway.get(rfcHash)!;
    const { tokens, model } = input.requests[underway.index]!;
    const sentAtMs = timeline.nowMs;
    const prompt = new TextEncoder().encode(`request ${underway.index}`);
    const parties: { router: Address; atMs: bigint } = { router: router.address, atMs: sentAtMs };
    const query = await signQuery(underway, { ...parties, match, matchHash, prompt }, domain);
    await checkQuery(query, match, { ...parties, providerId: match.value.providerId }, domain);

    const provider = Number(match.value.providerId);
    const empty = underway.index % EMPTY_EVERY === EMPTY_EVERY - 1;
    const answer = input.answerOf(provider, model, this.#nextJob(provider, model), tokens);
    const receivedAtMs = sentAtMs + (answer.failed ? ERROR_MS : answer.latencyMs);
    if (underway.index % SILENT_EVERY === SILENT_EVERY - 1) return;
    timeline.plan(receivedAtMs, async () => {
      const passed = !answer.failed;
      const delivered = answer.failed || empty ? 0n : tokens;
      const report = { matchHash, tokens: delivered, passed, sentAtMs, receivedAtMs };
      await this.#report(rfcHash, underway, match, report);
    });
  }

  async #report(
    rfcHash: Hash32,
    { queryKey, index }: Underway,
    match: Matched["match"],
    report: Parameters<typeof signReport>[2],
  ): Promise<void> {
    const { input, router, domain, timeline, records } = this.#c;
    const signed = await signReport(queryKey, match.value, report, domain);
    const { status, providerId } = await router.report(signed, timeline.nowMs);
    records.outcomes[status] += 1;
    this.#provider(providerId)[status] += 1;
    records.tokens += report.tokens;
    records.reports.push({
      provider: Number(providerId),
      user: input.requests[index]!.user,
      model: input.requests[index]!.model,
      priceWei: match.value.priceWei,
      tokens: report.tokens,
      passed: report.passed,
      latencyMs: report.receivedAtMs - report.sentAtMs,
      atMs: timeline.nowMs,
    });
    this.#underway.delete(rfcHash);
    await this.#pump();
  }

  #provider(providerId: bigint): ReplayRecords["byProvider"][number] {
    return this.#c.records.byProvider[Number(providerId)]!;
  }

  #nextJob(provider: number, model: number): number {
    const key = `${provider}:${model}`;
    const job = this.#jobs.get(key) ?? 0;
    this.#jobs.set(key, job + 1);
    return job;
  }
}
