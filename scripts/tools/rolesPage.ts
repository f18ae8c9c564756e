import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import json5 from "json5";
import { ADMIN_ROLE, GUARDIAN_ROLE, PERMISSIONS, type Permission } from "@yellowstone-compute/sdk";

/** Delays of governance in seconds, by the name of the parameter file. */
export type GovernanceDelays = ReadonlyMap<string, bigint>;

const BEGIN = "<!-- roles: written by `npm run roles` -->";
const END = "<!-- roles: end -->";

/** Read the delays of governance from the parameter files of a folder. */
export function readGovernanceDelays(folder = join("ignition", "parameters")): GovernanceDelays {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json5"));
  return new Map(
    files.sort().map((name) => {
      const file = json5.parse<{ Yellowstone: { governanceDelaySeconds: string } }>(
        readFileSync(join(folder, name), "utf8"),
      );
      return [basename(name, ".json5"), BigInt(file.Yellowstone.governanceDelaySeconds.replace(/n$/, ""))];
    }),
  );
}

/** The table of SECURITY.md: every function that can change anything, who may call it, its delay and what it cannot do. */
export function renderRoles(delays: GovernanceDelays): string {
  const governed = [...delays].map(([name, seconds]) => `${name} ${daysOrHours(seconds)}`).join(", ");
  const rows = PERMISSIONS.map((permission) => {
    const { contract, method, cannot } = permission;
    const cells = [`\`${contract}.${method}\``, callerOf(permission), delayOf(permission), cannot];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `Governance delay: ${governed}.`,
    "",
    "| function | who | delay | what the caller cannot do with it |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** The page with the table between its marks. */
export function withRoles(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`SECURITY.md has no table between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}

function callerOf({ roleId, caller }: Permission): string {
  if (roleId === undefined) return caller;
  if (roleId === ADMIN_ROLE) return "admin (governance)";
  return roleId === GUARDIAN_ROLE ? "guardian" : "governance";
}

function delayOf({ roleId }: Permission): string {
  return roleId === undefined || roleId === GUARDIAN_ROLE ? "none" : "governance delay";
}

function daysOrHours(seconds: bigint): string {
  return seconds % 86_400n === 0n ? `${seconds / 86_400n} d` : `${seconds / 3_600n} h`;
}
