import { createPolicy, BLOCK_SECONDS, type RouterFigures } from "@yellowstone-compute/sdk";
import { ReplayChain } from "./chain.js";
import { Timeline } from "./events.js";
import { openRecordedRouter, type ReplayJournal } from "./journal.js";
import type { ReplayInput } from "./input/index.js";
import type { ReplayOptions } from "./options.js";
import { createProgress, formatInteger, formatUMor, type ProgressOutput } from "./output/index.js";
import type { ReplayPage } from "./page.js";
import { planReplay, seasonMintWei, SEASON_SECONDS, type ReplayPlan } from "./plan.js";
import { reconcile, type OnChain, type Reconciliation } from "./reconcile.js";
import { emptyRecords, type ReplayRecords } from "./records.js";
import { Seasons } from "./seasons.js";
import { Settlement } from "./settlement.js";
import { Simulation } from "./simulation.js";
import { deploySuite, keyOf, postBids } from "./suite.js";

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

/** A replay that is over and not yet checked. */
export interface Replayed {
  readonly records: ReplayRecords;
  readonly figures: RouterFigures;
  readonly blocks: number;
  readonly journal: ReplayJournal;
  readonly emissionStart: bigint;
  /** Where its money is. */
  readonly onChain: OnChain;
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
    const reconciliation = await reconcile(records, emissionStart, onChain);
    return { ...replayed, plan, chain: chain.totals, chainLabel: chain.label, reconciliation };
  } finally {
    await chain.close();
  }
}

/** Deploy on a chain, replay and settle. */
export async function replayOn(
  chain: ReplayChain,
  input: ReplayInput,
  plan: ReplayPlan,
  { seed, capacity, journal }: Omit<RunOptions, "rpc">,
  { cadenceBlocks, tailSeconds, output, page }: ReplaySetup = DEFAULT_SETUP,
): Promise<Replayed> {
  const signer = keyOf(seed, "router");
  const set = { threshold: 1, routers: [{ account: signer.address, isContract: false }] };
  await chain.advanceTo(plan.deployAt);
  const suite = await deploySuite(chain, input, set, seed, plan.window);
  Object.assign(chain.totals, { transactions: 0, gas: 0n, l1FeeWei: 0n });
  const watching = page?.watch(suite.relayer);

  const access = { budgetWei: plan.accessBudgetWei, supplyWei: input.supplyWei };
  const policy = createPolicy({ accessOf: () => access });
  const { domain, emissionStart } = suite.relayer;
  const recorded = await openRecordedRouter({ signer, domain, set, policy, emissionStart }, journal);
  const { router } = recorded;
  await postBids(router, suite, input, plan, capacity);

  const timeline = new Timeline();
  const records = emptyRecords(input.providers.length);
  const { firstRequestAtMs } = plan;
  const context = { input, seed, router, domain, models: suite.models, timeline, records, firstRequestAtMs };
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
  await watching?.finish();

  const { addresses, provider } = suite.relayer;
  const { compute, bootstrap, registry, token } = addresses;
  const owners = suite.owners.map(({ address: owner }) => owner);
  const onChain = { provider, compute, bootstrap, registry, token, payouts: suite.payouts, owners };
  const figures = router.figures();
  return { records, figures, blocks, journal: await recorded.finish(), emissionStart, onChain };
}

/** The provider that served least, but something: it leaves at the end. */
function leastServed({ byProvider }: ReplayRecords): number {
  const ranked = [...byProvider.keys()].sort((a, b) => byProvider[a]!.served - byProvider[b]!.served);
  return ranked.find((p) => byProvider[p]!.served > 0) ?? 0;
}
