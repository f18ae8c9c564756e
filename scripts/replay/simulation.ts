import type {
  Hash32,
  Matched,
  ModelId,
  Queued,
  Rejected,
  Router,
  Signed,
  Unreported,
  Unserved,
} from "@yellowstone-compute/sdk";
import type { Timeline } from "./events.js";
import type { ReplayInput } from "./input/index.js";
import type { PartiesThreads } from "./partiesThreads.js";
import type { Delivered, WantedRequest } from "./partiesWire.js";
import type { ReplayRecords } from "./records.js";

/** Milliseconds after which a provider's error is back: the measurements hold no time for errors. */
const ERROR_MS = 250n;
/** Declared synthetic: this request of every so many is never reported, this one is answered with nothing. */
export const SILENT_EVERY = 2_500;
export const EMPTY_EVERY = 1_300;
/** RFCs are signed in batches of so many, so many batches ahead of their arrival. */
const BATCH = 32;
const BATCHES_AHEAD = 8;

/** Everything the simulated hour runs on. */
export interface SimulationContext {
  readonly input: ReplayInput;
  readonly router: Router;
  readonly parties: PartiesThreads;
  /** Told of every message the router will be given, as soon as it exists. */
  readonly ahead: (message: Promise<Signed<"Rfc"> | Signed<"InferenceReport">>) => Promise<void>;
  readonly models: readonly ModelId[];
  readonly timeline: Timeline;
  readonly records: ReplayRecords;
  readonly firstRequestAtMs: bigint;
}

type Placed = Matched | Queued | Rejected | Unserved | Unreported;

/** Users and providers of the replay, and what passes between them and the router. */
export class Simulation {
  readonly #c: SimulationContext;
  /** Signed RFCs of the requests from the first on, as far as they were asked for. */
  readonly #rfcs: Promise<Signed<"Rfc">>[] = [];
  /** RFCs on their way, and the index of their request. */
  readonly #underway = new Map<Hash32, number>();
  /** Jobs without a report so far: what the parties check all the same. */
  readonly #unreported = new Set<Promise<unknown>>();
  /** Jobs so far of each provider and model: each takes the next measured row. */
  readonly #jobs = new Map<string, number>();
  arrived = 0;

  constructor(context: SimulationContext) {
    this.#c = context;
  }

  /** Plan the arrival of every request, one after the other. */
  begin(): void {
    this.#planArrival(0);
  }

  /** RFCs and matches whose deadline has passed, and waiting RFCs for providers that became free. */
  async sweep(): Promise<void> {
    const { router, timeline } = this.#c;
    for (const ended of router.expire(timeline.nowMs)) this.#place(ended);
    await this.#pump();
  }

  /** Wait for the checks of parties whose job ended without a report. */
  async finish(): Promise<void> {
    await Promise.all(this.#unreported);
  }

  #planArrival(index: number): void {
    const { input, timeline } = this.#c;
    if (index >= input.requests.length) return;
    timeline.plan(this.#arrivalMs(index), async () => {
      this.#planArrival(index + 1);
      await this.#arrive(index);
    });
  }

  async #arrive(index: number): Promise<void> {
    const { input, router, timeline } = this.#c;
    this.arrived += 1;
    this.#signAhead(index);
    const { balanceWei } = input.users[input.requests[index]!.user]!;
    const placed = await router.admit(await this.#rfcs[index]!, { balanceWei, atMs: timeline.nowMs });
    if (placed.rfcHash !== undefined) this.#underway.set(placed.rfcHash, index);
    this.#place(placed);
  }

  #arrivalMs(index: number): bigint {
    const { requests } = this.#c.input;
    return this.#c.firstRequestAtMs + requests[index]!.arrivalMs - requests[0]!.arrivalMs;
  }

  /** Have the users sign the RFCs that arrive next. */
  #signAhead(index: number): void {
    const { input, models, parties, ahead } = this.#c;
    const until = Math.min(index + BATCH * BATCHES_AHEAD, input.requests.length);
    while (this.#rfcs.length < until) {
      const from = this.#rfcs.length;
      const wanted = input.requests.slice(from, from + BATCH).map(({ user, model, tokens }, i): WantedRequest => {
        return { index: from + i, user, modelId: models[model]!, tokens, atMs: this.#arrivalMs(from + i) };
      });
      const signed = parties.sign(wanted);
      for (const rfc of signed) handled(ahead(rfc));
      this.#rfcs.push(...signed);
    }
  }

  async #pump(): Promise<void> {
    const { router, timeline } = this.#c;
    if (router.figures().waiting === 0) return;
    for (const placed of await router.pump(timeline.nowMs)) this.#place(placed);
  }

  #place(placed: Placed): void {
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
  #serve({ match, matchHash, rfcHash }: Matched): void {
    const { input, router, parties, ahead, timeline } = this.#c;
    const index = this.#underway.get(rfcHash)!;
    const { tokens, model } = input.requests[index]!;
    const sentAtMs = timeline.nowMs;
    const provider = Number(match.value.providerId);
    const empty = index % EMPTY_EVERY === EMPTY_EVERY - 1;
    const answer = input.answerOf(provider, model, this.#nextJob(provider, model), tokens);
    const receivedAtMs = sentAtMs + (answer.failed ? ERROR_MS : answer.latencyMs);
    const passed = !answer.failed;
    const delivered = { tokens: answer.failed || empty ? 0n : tokens, passed, sentAtMs, receivedAtMs };
    const job = { index, match, matchHash, router: router.address, atMs: sentAtMs };
    if (index % SILENT_EVERY === SILENT_EVERY - 1) {
      this.#unreported.add(parties.serve({ ...job, report: undefined }));
      return;
    }
    const report = parties.serve({ ...job, report: delivered }).then((signed) => signed!);
    handled(ahead(report));
    this.#unreported.add(report);
    timeline.plan(receivedAtMs, async () => {
      await this.#report(rfcHash, await report, match, delivered);
      this.#unreported.delete(report);
    });
  }

  async #report(
    rfcHash: Hash32,
    signed: Signed<"InferenceReport">,
    match: Matched["match"],
    { tokens, passed, sentAtMs, receivedAtMs }: Delivered,
  ): Promise<void> {
    const { input, router, timeline, records } = this.#c;
    const { user, model } = input.requests[this.#underway.get(rfcHash)!]!;
    const { status, providerId } = await router.report(signed, timeline.nowMs);
    records.outcomes[status] += 1;
    this.#provider(providerId)[status] += 1;
    records.tokens += tokens;
    records.reports.push({
      provider: Number(providerId),
      user,
      model,
      priceWei: match.value.priceWei,
      tokens,
      passed,
      latencyMs: receivedAtMs - sentAtMs,
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

/** A failure is seen by whoever awaits the message itself: until then it is no unhandled one. */
function handled(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
