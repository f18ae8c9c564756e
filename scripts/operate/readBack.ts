import {
  ADMIN_ROLE,
  GOVERNANCE_ROLE,
  GUARDIAN_ROLE,
  RESTRICTED_FUNCTIONS,
  emissionScheduleAbi,
  readRoles,
  readRouterSet,
  type Deployment,
  type RoleTable,
} from "@yellowstone-compute/sdk";
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
  const [
    initialWei,
    decreaseWei,
    startAt,
    intervalSeconds,
    set,
    minBondWei,
    changeDelay,
    unbondingDelay,
    slashDelay,
    windowStart,
    windowEnd,
    seasonLength,
    entryWindow,
    roles,
  ] = await Promise.all([
    uint(schedule, "INITIAL_WEI"),
    uint(schedule, "DECREASE_WEI"),
    uint(schedule, "startAt"),
    uint(schedule, "INTERVAL_SECONDS"),
    readRouterSet(d),
    d.registry.minBondWei(),
    d.registry.CHANGE_DELAY(),
    d.registry.UNBONDING_DELAY(),
    d.registry.SLASH_DELAY(),
    d.bootstrap.WINDOW_START(),
    d.bootstrap.WINDOW_END(),
    d.bootstrap.SEASON_LENGTH(),
    d.bootstrap.ENTRY_WINDOW(),
    readRoles(d),
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
    row("Yellowstone.changeDelaySeconds", p.Yellowstone.changeDelaySeconds, changeDelay),
    row("Yellowstone.unbondingDelaySeconds", p.Yellowstone.unbondingDelaySeconds, unbondingDelay),
    row("Yellowstone.bootstrapStartAt", p.Yellowstone.bootstrapStartAt, windowStart),
    row("Yellowstone.bootstrapEndAt", p.Yellowstone.bootstrapEndAt, windowEnd),
    row("Yellowstone.seasonSeconds", p.Yellowstone.seasonSeconds, seasonLength),
    row("Yellowstone.entryWindowSeconds", p.Yellowstone.entryWindowSeconds, entryWindow),
    row("delay of a slash", p.Yellowstone.activationDelaySeconds, slashDelay),
    ...roleRows(p, roles),
    row("emission start of the blocks", p.Schedule.startAt, d.emissionStart),
  ];
}

/** Who holds each role, alone, with which delay; and the role of every restricted function. */
function roleRows({ Yellowstone }: DeployParameters, { holders, functions }: RoleTable): ReadBackRow[] {
  const { guardian, governance, governanceDelaySeconds } = Yellowstone;
  const held = (roleId: bigint) =>
    holders
      .filter((holder) => holder.roleId === roleId)
      .map(({ account, delaySeconds }) => `${account} after ${delaySeconds} s`)
      .join(", ");
  const delayed = `${governance} after ${governanceDelaySeconds} s`;
  return [
    row("Yellowstone.guardian", `${guardian} after 0 s`, held(GUARDIAN_ROLE)),
    row("Yellowstone.governance", delayed, held(GOVERNANCE_ROLE)),
    row("admin of the roles", delayed, held(ADMIN_ROLE)),
    ...RESTRICTED_FUNCTIONS.map(({ contract, method, roleId }, i) =>
      row(`role of ${contract}.${method}`, roleId, functions[i]?.roleId),
    ),
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
