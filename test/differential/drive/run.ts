import { Node } from "../chain/node.js";
import { deploySuite } from "../chain/suite.js";
import type { Outcome } from "../model/outcome.js";
import type { System } from "../model/system.js";
import { accepted } from "../model/outcome.js";
import { register } from "../model/verbs/providers.js";
import { callData } from "../wire/abi.js";
import { ACTIONS, CROWDED, WEIGHTS, type ActionName } from "./actions/index.js";
import { compareFigures, compareReceipt, type Compared, type Difference } from "./compare.js";
import { Scalars, allFigures, providerFigures, touchedFigures } from "./figures.js";
import { drawParameters } from "./parameters.js";
import { Random } from "./random.js";
import { advance, callerOf, type Attempt, type World } from "./world.js";

/** A step before it is drawn: what it does depends on the world that it meets. */
export interface Step {
  readonly action: ActionName;
  readonly seed: bigint;
}

/** How often an action went through, and how often it was refused. */
export interface Tally {
  accepted: number;
  refused: number;
}

/** What a run of one world came to. */
export interface WorldResult {
  readonly steps: number;
  readonly figures: number;
  readonly tallies: ReadonlyMap<ActionName, Tally>;
  readonly failure?: Failure;
}

/** Where model and chain part. */
export interface Failure extends Difference {
  readonly step: number;
  readonly action: ActionName;
}

/** What can be changed about a run. */
export interface RunOptions {
  /** Plant a defect in the model. */
  readonly plant?: (system: System) => void;
  /** Told of the node before anything is deployed. */
  readonly onNode?: (node: Node) => void;
  /** Ask what every call returns, not one in eight. */
  readonly asksAlways?: boolean;
  /** Told of every step that was compared. */
  readonly onStep?: (step: number, action: ActionName, world: World) => void;
}

/** Every so many steps all figures are compared, at the others those that should have changed and some that should not. */
const ALL_EVERY = 100;

/** The steps of a world. */
export function drawSteps(worldSeed: bigint, count: number): Step[] {
  const { crowded } = drawParameters(new Random(worldSeed));
  const random = new Random(worldSeed ^ 0x5354455053n);
  return Array.from({ length: count }, () => {
    return { action: random.weighted(crowded ? CROWDED : WEIGHTS), seed: random.bits() };
  });
}

/** Deploy the world of a seed, do `steps` in it and compare after each. */
export async function runWorld(
  worldSeed: bigint,
  steps: readonly Step[],
  options: RunOptions = {},
): Promise<WorldResult> {
  const random = new Random(worldSeed);
  const parameters = drawParameters(random);
  const node = await Node.start(parameters.deployedAt);
  options.onNode?.(node);
  try {
    const suite = await deploySuite(node, parameters);
    const world: World = {
      ...suite,
      parameters,
      now: parameters.deployedAt,
      oldSets: [],
      slashEvents: [],
      scalars: new Scalars(),
    };
    await settle(world, random);
    options.plant?.(world.system);
    return await runSteps(world, steps, options);
  } finally {
    await node.stop();
  }
}

/** The first providers and tokens. */
async function settle(world: World, random: Random): Promise<void> {
  const { actors, addresses, system, parameters } = world;
  for (let i = 0; i < parameters.providers; i++) {
    const key = random.pick(actors.owners);
    const metadata = { uri: "", contentHash: 0n };
    const input = { owner: key.address, payout: random.word() >> 96n, bondWei: parameters.minBondWei, metadata };
    await mustPass(world, {
      key,
      to: addresses.registry,
      data: callData("registry", "register", input.owner, input.payout, input.bondWei, ["", 0n]),
      expect: () => register(system, callerOf(world, key), input),
    });
  }
  const wei = random.magnitude(10n ** 24n);
  await mustPass(world, {
    key: actors.stranger,
    to: addresses.token,
    data: callData("token", "mint", addresses.compute, wei),
    expect: () => accepted([system.token.mint(addresses.compute, wei)]),
  });
}

async function mustPass(world: World, attempt: Attempt): Promise<void> {
  const receipt = await world.node.send(attempt.key, world.now, attempt.to, attempt.data);
  const { difference } = compareReceipt(world, attempt.expect(), receipt);
  if (difference) throw new Error(`setting up: ${difference.what}: ${difference.expected} is ${difference.actual}`);
}

async function runSteps(world: World, steps: readonly Step[], options: RunOptions): Promise<WorldResult> {
  const tallies = new Map<ActionName, Tally>();
  let figures = 0;
  for (const [i, step] of steps.entries()) {
    const random = new Random(step.seed);
    advance(world, random);
    let { action } = step;
    let attempt = ACTIONS[action](world, random);
    if (attempt === undefined) {
      action = random.weighted({ donate: 20, intake: 20, claim: 30, attest: 30 });
      attempt = ACTIONS[action](world, random);
      if (attempt === undefined) attempt = ACTIONS[(action = "intake")](world, random)!;
    }
    const { compared, outcome } = await doStep(
      world,
      random,
      attempt,
      i % ALL_EVERY === 0,
      options.asksAlways ?? false,
    );
    const tally = tallies.get(action) ?? { accepted: 0, refused: 0 };
    tallies.set(action, tally);
    tally[outcome.refusals.length === 0 ? "accepted" : "refused"]++;
    figures += compared.figures;
    if (compared.difference)
      return { steps: i + 1, figures, tallies, failure: { step: i, action, ...compared.difference } };
    options.onStep?.(i, action, world);
  }
  return { steps: steps.length, figures, tallies };
}

async function doStep(world: World, random: Random, attempt: Attempt, all: boolean, asksAlways: boolean) {
  const outcome = attempt.expect();
  const asks = outcome.output !== undefined && (asksAlways || random.chance(12));
  const receipt = await world.node.send(attempt.key, world.now, attempt.to, attempt.data, asks);
  const first = compareReceipt(world, outcome, receipt);
  if (first.difference) return { compared: first, outcome };
  const questions = [...world.scalars.draw(world, random, all), ...touchedFigures(world)];
  const count = world.system.registry.providers.length;
  if (all) questions.push(...allFigures(world));
  else if (count > 0 && random.chance(25)) questions.push(...providerFigures(world, random.int(0, count - 1)));
  const second = await compareFigures(world, questions);
  const compared: Compared = { ...second, figures: first.figures + second.figures };
  return { compared, outcome };
}

/** Seed of world `at` of a run. */
export const worldSeedOf = (seed: bigint, at: number): bigint => new Random(seed * 1_000_003n + BigInt(at)).bits();

export type { Outcome };
