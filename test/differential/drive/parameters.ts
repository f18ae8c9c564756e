import type { EmissionParameters } from "../model/emission.js";
import type { Window } from "../model/reserve.js";
import { DAY } from "../model/units.js";
import type { Random } from "./random.js";

/** What a world is made of before anything is deployed. Wei and seconds. */
export interface WorldParameters {
  readonly deployedAt: bigint;
  readonly emission: EmissionParameters;
  readonly window: Window;
  readonly activationDelay: bigint;
  readonly changeDelay: bigint;
  readonly unbondingDelay: bigint;
  readonly minBondWei: bigint;
  readonly keyRouters: number;
  readonly contractRouters: number;
  readonly providers: number;
  /** Attestations follow each other at once, so that many are pending. */
  readonly crowded: boolean;
}

const MOR = 10n ** 18n;
const EPOCH = 1_800_000_000n;

/** Draw a world. */
export function drawParameters(random: Random): WorldParameters {
  const deployedAt = EPOCH + random.big(0n, 400n * DAY);
  const crowded = random.chance(8);
  const activationDelay = crowded ? 20n * DAY : random.pick([1n, 60n, 600n, 3_600n, 7_200n, DAY, 2n * DAY]);
  return {
    deployedAt,
    emission: drawEmission(random, deployedAt),
    window: drawWindow(random, deployedAt),
    activationDelay,
    changeDelay: random.pick([3_600n, 7_200n, DAY]),
    unbondingDelay: 2n * activationDelay + random.pick([3_600n, DAY, 7n * DAY]),
    minBondWei: random.pick([MOR, 5n * MOR, MOR + 1n]),
    keyRouters: random.int(1, 5),
    contractRouters: random.chance(30) ? 1 : 0,
    providers: random.chance(12) ? random.int(105, 130) : random.int(1, 24),
    crowded,
  };
}

function drawEmission(random: Random, deployedAt: bigint): EmissionParameters {
  if (random.chance(25)) {
    const real = { initialWei: 3_456n * MOR, decreaseWei: 592_558_728_240_000_000n };
    return { ...real, startAt: 1_707_393_600n, intervalSeconds: DAY };
  }
  const age = random.chance(30) ? random.big(0n, 11n) : random.big(0n, 40n * DAY);
  const initialWei = random.chance(10) ? 0n : random.big(1n, 5_000n * MOR);
  const lasts = random.big(1n, 200n);
  return {
    initialWei,
    decreaseWei: random.chance(30) ? 0n : initialWei / lasts + random.big(0n, 3n),
    startAt: deployedAt - age,
    intervalSeconds: random.pick([DAY, DAY, 3_600n, 7n * DAY, 86_399n]),
  };
}

function drawWindow(random: Random, deployedAt: bigint): Window {
  if (random.chance(25)) return { startAt: 0n, endAt: 0n, seasonLength: 0n, entryWindow: 0n };
  const startAt = deployedAt + random.pick([600n, 3_600n, DAY]) + random.big(0n, 600n);
  const seasonLength = random.pick([600n, 7_200n, DAY, 2n * DAY, 4n * DAY, 7n * DAY]) + random.big(0n, 100n);
  const endAt = startAt + seasonLength * random.big(2n, 40n) + random.big(0n, seasonLength - 1n);
  return { startAt, endAt, seasonLength, entryWindow: random.big(600n, seasonLength) };
}
