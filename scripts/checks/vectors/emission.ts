import { network } from "hardhat";
import { InvalidSchedule, cumulativeWei, linearDecrease, maxUint } from "@yellowstone-compute/sdk";
import type { EmissionVector } from "../vectorsFile.js";
import { nameOf, type Side, type Tally } from "./tally.js";

/** A schedule on one side: wei emitted from its start until a moment. */
type Cumulative = (at: bigint) => bigint | Promise<bigint>;
/** Makes a schedule of a vector; undefined when its parameters are refused. */
type Opener = (vector: EmissionVector) => Cumulative | undefined | Promise<Cumulative | undefined>;

/** Try every vector on a deployed schedule and on the SDK's. */
export async function tryEmission(vectors: readonly EmissionVector[], tally: Tally): Promise<void> {
  const sides: readonly (readonly [Side, Opener])[] = [
    ["contract", await deployedSchedules()],
    ["sdk", openTwin],
  ];
  for (const vector of vectors) {
    for (const [side, open] of sides) {
      const problem = await problemOf(vector, open).catch(nameOf);
      tally.record(side, vector.name, problem);
    }
  }
}

/**
 * Exact from the start of the payout; a vector that begins later is a difference of two cumulatives, within 1 wei.
 * Parameters beyond the bounds of a schedule must be refused when it is made.
 */
async function problemOf(vector: EmissionVector, open: Opener): Promise<string | undefined> {
  const { startAt, fromAt, toAt, expectedWei } = vector;
  const schedule = await open(vector);
  const refusable = isBeyondBounds(vector);
  if (schedule === undefined) return refusable ? undefined : "its parameters were refused";
  if (refusable) return "its parameters were accepted, beyond the bounds of a schedule";
  const to = await schedule(toAt);
  const from = await schedule(fromAt);
  const actualWei = to > from ? to - from : 0n;
  const toleranceWei = fromAt <= startAt ? 0n : 1n;
  const offWei = actualWei > expectedWei ? actualWei - expectedWei : expectedWei - actualWei;
  return offWei <= toleranceWei ? undefined : `emits ${actualWei} wei, expected ${expectedWei}`;
}

function isBeyondBounds({ initialWei, decreaseWei, startAt, intervalSeconds }: EmissionVector): boolean {
  return (
    initialWei > maxUint(128) ||
    decreaseWei > maxUint(128) ||
    startAt > maxUint(64) ||
    intervalSeconds === 0n ||
    intervalSeconds > maxUint(64)
  );
}

async function deployedSchedules(): Promise<Opener> {
  const { ethers } = await network.create("l1");
  const factory = await ethers.getContractFactory("LinearDecreaseSchedule");
  return async (vector) => {
    const { initialWei, decreaseWei, startAt, intervalSeconds } = vector;
    const deployment = await factory.getDeployTransaction(initialWei, decreaseWei, startAt, intervalSeconds);
    try {
      await ethers.provider.estimateGas(deployment);
    } catch (error) {
      if (isScheduleError(error)) return undefined;
      throw error;
    }
    const schedule = await factory.deploy(initialWei, decreaseWei, startAt, intervalSeconds);
    return (at) => schedule.cumulativeWei(at);
  };

  function isScheduleError(error: unknown): boolean {
    const { data } = error as { data?: unknown };
    return typeof data === "string" && factory.interface.parseError(data)?.name.startsWith("Schedule") === true;
  }
}

const openTwin: Opener = (vector) => {
  try {
    const schedule = linearDecrease(vector);
    return (at) => cumulativeWei(schedule, at);
  } catch (error) {
    if (error instanceof InvalidSchedule) return undefined;
    throw error;
  }
};
