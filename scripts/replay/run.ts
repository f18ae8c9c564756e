import {
  createPolicy,
  BLOCK_SECONDS,
  type LocalSigner,
  type RouterFigures,
  type RouterSet,
  type Signed,
} from "@yellowstone-compute/sdk";
import { AheadVerifier } from "./aheadVerifier.js";
import { ReplayChain } from "./chain.js";
import { Timeline } from "./events.js";
import { openRecordedRouter, type ReplayJournal } from "./journal.js";
import type { ReplayInput } from "./input/index.js";
import type { ReplayOptions } from "./options.js";
import { createProgress, formatInteger, formatUMor, type ProgressOutput } from "./output/index.js";
import type { ReplayPage } from "./page.js";
import { PartiesThreads } from "./partiesThreads.js";
import { Phases, type PhaseSeconds } from "./phases.js";
import { planReplay, seasonMintWei, SEASON_SECONDS, type ReplayPlan } from "./plan.js";
import { reconcile, type OnChain, type Reconciliation } from "./reconcile.js";
import { emptyRecords, type ReplayRecords } from "./records.js";
import { Seasons } from "./seasons.js";
import { Settlement } from "./settlement.js";
import { Simulation } from "./simulation.js";
import { deploySuite, keyOf, postBids, type ReplaySuite } from "./suite.js";

/** The embedded chain begins here: 1 January 2026. A separate node begins at its own time. */
export const EMBEDDED_START = 1_767_225_600n;
/** What a replay can do otherwise than the main job: a short trace needs a faster router to see a claim. */
export interface ReplaySetup {
  /** Blocks between attestations; design.md section 12, local. */
  readonly cadenceBlocks: bigint;
  /** After the last request the replay goes on until every report deadline has passed. */
  readonly tailSeconds: bigint;
  readonly seasonSeconds: bigint;
  /** Where the progress goes. */
  readonly output: ProgressOutput;
  /** Shows the deployment while it is replayed; left out without a status page. */
  readonly page?: Pick<ReplayPage, "watch">;
}

/** The main job's setup. */
export const DEFAULT_SETUP: ReplaySetup = {
  cadenceBlocks: 50n,
  tailSeconds: 660n,
  seasonSeconds: SEASON_SECONDS,
  output: process.stdout,
};

/** What the run itself needs of the command line. */
export type RunOptions = Pick<ReplayOptions, "seed" | "capacity" | "rpc"> & Partial<Pick<ReplayOptions, "journal">>;

/** Threads of the users and providers; the router's thread, which waits for them most of the time, and its verifier come on top. */
const PARTIES_THREADS = 2;
/** Below it one of them will do: starting a thread costs more than it saves. */
const MANY_REQUESTS = 5_000;

/** A replay that is over and not yet checked. */
export interface Replayed {
  readonly records: ReplayRecords;
  readonly figures: RouterFigures;
  readonly blocks: number;
  readonly journal: ReplayJournal;
  readonly emissionStart: bigint;
  /** Where its money is. */
  readonly onChain: OnChain;
  /** How long each part took. */
  readonly seconds: PhaseSeconds;
}

/** All that the summary is made of. */
export interface ReplayResult extends Replayed {
  readonly plan: ReplayPlan;
  readonly chain: ReplayChain["totals"];
  readonly chainLabel: string;
  readonly reconciliation: Reconciliation;
}

/** Deploy, replay, settle and reconcile. */
export async function runReplay(
  input: ReplayInput,
  options: RunOptions,
  setup: ReplaySetup = DEFAULT_SETUP,
): Promise<ReplayResult> {
  const chain = await ReplayChain.open(options.rpc, EMBEDDED_START);
  try {
    const plan = planReplay(input, chain.time, setup.seasonSeconds);
    const replayed = await replayOn(chain, input, plan, options, setup);
    const { records, emissionStart, onChain } = replayed;
    const phases = new Phases(replayed.seconds);
    const reconciliation = await reconcile(records, emissionStart, onChain);
    const seconds = phases.end("reconcile");
    return { ...replayed, seconds, plan, chain: chain.totals, chainLabel: chain.label, reconciliation };
  } finally {
    await chain.close();
  }
}

/** Deploy on a chain, replay and settle. */
export async function replayOn(
  chain: ReplayChain,
  input: ReplayInput,
  plan: ReplayPlan,
  options: Omit<RunOptions, "rpc">,
  setup: ReplaySetup = DEFAULT_SETUP,
): Promise<Replayed> {
  const phases = new Phases();
  const { seed } = options;
  const signer = keyOf(seed, "router");
  const set = { threshold: 1, routers: [{ account: signer.address, isContract: false }] };
  await chain.advanceTo(plan.deployAt);
  const suite = await deploySuite(chain, input, set, seed, plan.window);
  phases.end("deploy");
  Object.assign(chain.totals, { transactions: 0, gas: 0n, l1FeeWei: 0n });
  const { domain } = suite.relayer;
  const userKeys = input.users.map(({ privateKey }) => privateKey);
  const threads = input.requests.length < MANY_REQUESTS ? 1 : PARTIES_THREADS;
  const parties = new PartiesThreads({ seed, domain, userKeys }, threads);
  const verifier = new AheadVerifier(domain);
  try {
    return await replayWith({ chain, input, plan, signer, set, suite, parties, verifier, phases }, options, setup);
  } finally {
    await Promise.all([parties.close(), verifier.close()]);
  }
}

/** All that a replay works with. */
interface Cast {
  readonly chain: ReplayChain;
  readonly input: ReplayInput;
  readonly plan: ReplayPlan;
  readonly signer: LocalSigner;
  readonly set: RouterSet;
  readonly suite: ReplaySuite;
  readonly parties: PartiesThreads;
  readonly verifier: AheadVerifier;
  readonly phases: Phases;
}

async function replayWith(
  { chain, input, plan, signer, set, suite, parties, verifier, phases }: Cast,
  { capacity, journal }: Omit<RunOptions, "rpc">,
  { cadenceBlocks, tailSeconds, output, page }: ReplaySetup,
): Promise<Replayed> {
  const watching = page?.watch(suite.relayer);

  const access = { budgetWei: plan.accessBudgetWei, supplyWei: input.supplyWei };
  const policy = createPolicy({ accessOf: () => access });
  const { domain, emissionStart } = suite.relayer;
  const recorded = await openRecordedRouter(
    { signer, domain, set, policy, emissionStart, recover: verifier.recover },
    journal,
  );
  const { router } = recorded;
  await postBids(router, suite, input, plan, capacity);

  const timeline = new Timeline();
  const records = emptyRecords(input.providers.length);
  const { firstRequestAtMs } = plan;
  const ahead = (message: Promise<Signed<"Rfc"> | Signed<"InferenceReport">>): Promise<void> => verifier.begin(message);
  const context = { input, router, parties, ahead, models: suite.models, timeline, records, firstRequestAtMs };
  const simulation = new Simulation(context);
  const settlement = new Settlement(chain, suite, router, set, suite.mint, timeline, records);
  const progress = createProgress({
    output,
    label: "replay",
    total: input.requests.length,
    now: () => performance.now(),
  });

  timeline.plan(plan.firstMintAt * 1_000n, () => settlement.arrive(plan.firstMintWei));
  timeline.plan(plan.secondMintAt * 1_000n, () => settlement.arrive(plan.secondMintWei));
  const seasons = new Seasons(chain, suite, timeline, records, (season) =>
    settlement.arrive(seasonMintWei(plan, season)),
  );
  const seasonsEndAt = seasons.begin(plan.window);
  simulation.begin();
  const last = input.requests[input.requests.length - 1]!.arrivalMs - input.requests[0]!.arrivalMs;
  const endAt = (firstRequestAtMs + last) / 1_000n + tailSeconds;
  let blocks = 0;
  const tick = (at: bigint, height: bigint): void => {
    if (at > endAt) return;
    timeline.plan(at * 1_000n, async () => {
      await simulation.sweep();
      blocks += (await router.closeBlocks(timeline.nowMs)).length;
      if (height % cadenceBlocks === 0n) await settlement.attest();
      progress.update(simulation.arrived, {
        served: formatInteger(records.outcomes.served),
        waiting: formatInteger(router.figures().waiting),
        attested: String(records.attestations.length),
        backlog: `${formatUMor(router.backlogUMor())} MOR`,
      });
      tick(at + BigInt(BLOCK_SECONDS), height + 1n);
    });
  };
  tick(firstRequestAtMs / 1_000n + BigInt(BLOCK_SECONDS), 1n);
  await timeline.runUntil(endAt * 1_000n);
  const leaving = leastServed(records);
  await settlement.exit(leaving);
  // A short trace is over before its seasons are.
  await timeline.runUntil(seasonsEndAt * 1_000n);
  progress.update(simulation.arrived);
  progress.finish();
  await simulation.finish();
  await watching?.finish();
  phases.end("replay");

  const { addresses, provider } = suite.relayer;
  const { compute, bootstrap, registry, token } = addresses;
  const owners = suite.owners.map(({ address: owner }) => owner);
  const onChain = { provider, compute, bootstrap, registry, token, payouts: suite.payouts, owners };
  const figures = router.figures();
  const journaled = await recorded.finish();
  return { records, figures, blocks, journal: journaled, emissionStart, onChain, seconds: phases.end("restart") };
}

/** The provider that served least, but something: it leaves at the end. */
function leastServed({ byProvider }: ReplayRecords): number {
  const ranked = [...byProvider.keys()].sort((a, b) => byProvider[a]!.served - byProvider[b]!.served);
  return ranked.find((p) => byProvider[p]!.served > 0) ?? 0;
}
