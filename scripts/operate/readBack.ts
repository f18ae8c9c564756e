import { emissionScheduleAbi, readRouterSet, type Deployment } from "@yellowstone-compute/sdk";
import { Contract } from "ethers";
import type { DeployParameters } from "./parameters.js";

/** One constructor value: what the file says and what the chain says, both as text. */
export interface ReadBackRow {
  readonly value: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Read every constructor value of a deployment from the chain and set it beside the file's. `connect` has already checked
 * that the contracts name each other; a deployment without `token` in the file has a test token of its own.
 */
export async function readBack(d: Deployment, p: DeployParameters): Promise<ReadBackRow[]> {
  const schedule = new Contract(d.addresses.schedule, emissionScheduleAbi, d.runner);
  const uint = (contract: Contract, name: string) => contract.getFunction(name).staticCall() as Promise<bigint>;
  const [initialWei, decreaseWei, startAt, intervalSeconds, set, minBondWei] = await Promise.all([
    uint(schedule, "INITIAL_WEI"),
    uint(schedule, "DECREASE_WEI"),
    uint(schedule, "startAt"),
    uint(schedule, "INTERVAL_SECONDS"),
    readRouterSet(d),
    d.registry.minBondWei(),
  ]);
  return [
    row("Schedule.initialWei", p.Schedule.initialWei, initialWei),
    row("Schedule.decreaseWei", p.Schedule.decreaseWei, decreaseWei),
    row("Schedule.startAt", p.Schedule.startAt, startAt),
    row("Schedule.intervalSeconds", p.Schedule.intervalSeconds, intervalSeconds),
    row("Routers.routers", routersText(p.Routers.routers), routersText(set.routers)),
    row("Routers.threshold", p.Routers.threshold, set.threshold),
    row("Yellowstone.token", p.Yellowstone.token ?? d.addresses.token, d.addresses.token),
    row("Yellowstone.activationDelaySeconds", p.Yellowstone.activationDelaySeconds, d.activationDelaySeconds),
    row("Yellowstone.minBondWei", p.Yellowstone.minBondWei, minBondWei),
    row("emission start of the blocks", p.Schedule.startAt, d.emissionStart),
  ];
}

/** The rows in which chain and file differ. */
export function differencesOf(rows: readonly ReadBackRow[]): ReadBackRow[] {
  return rows.filter(({ expected, actual }) => expected !== actual);
}

function row(value: string, expected: unknown, actual: unknown): ReadBackRow {
  return { value, expected: String(expected), actual: String(actual) };
}

function routersText(routers: DeployParameters["Routers"]["routers"]): string {
  return routers.map(({ account, isContract }) => `${account}${isContract ? " (contract)" : ""}`).join(", ");
}
