/// <reference types="node" />
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Deployment } from "../deployment/index.js";
import { YellowstoneError } from "../errors/base.js";
import { createProvider, type LedgerSnapshot, type ProviderClient } from "../provider/index.js";
import type { ProviderId } from "../units/index.js";
import type { Context, OptionSpecs } from "./command.js";

/** Options of a command that needs the ledger. */
export const SNAPSHOT_OPTIONS: OptionSpecs = {
  snapshot: {
    value: "FILE",
    about:
      "where the ledger is kept between runs; YELLOWSTONE_SNAPSHOT without it, then a file under XDG_CACHE_HOME or ~/.cache. It is checked against the chain",
  },
  "no-snapshot": { about: "read every event since the deployment, and keep nothing" },
};

/** Codes of what a snapshot is not believed for: then all events are read. */
const UNFIT = /^(InvalidField|SnapshotDamaged|SnapshotForeign|HistoryDiverged|ReorgTooDeep)$/;

/**
 * The ledger at the newest block with the figures of some providers: from the snapshot of the last run where it holds, and
 * kept for the next one. `needsEntries`: what happened to them is asked for, from the beginning.
 * @throws the errors of `ProviderClient.sync`
 */
export async function openLedger(
  context: Context,
  d: Deployment,
  ids: readonly ProviderId[],
  needsEntries = false,
): Promise<ProviderClient> {
  const { args, print } = context;
  const path = args.flag("no-snapshot") ? undefined : pathOf(context, d);
  const kept = path === undefined ? undefined : await readKept(path);
  print.progress(kept === undefined ? "reading the events of the ledger" : "catching up with the ledger");
  const wanted = new Set(ids);
  const known = needsEntries && kept !== undefined && ![...wanted].every((id) => kept.ids.includes(id.toString()));
  const from = known ? undefined : kept;
  let client: ProviderClient;
  try {
    client = await synced(d, wanted, from);
  } catch (error) {
    if (from === undefined || !(error instanceof YellowstoneError) || !UNFIT.test(error.code)) throw error;
    print.note(`the ledger kept in ${path} does not hold (${error.message}); all events are read again`);
    client = await synced(d, wanted, undefined);
  }
  if (path !== undefined)
    await keep(path, client.snapshot()).catch((error: Error) => print.note(`not kept: ${error.message}`));
  return client;
}

async function synced(
  d: Deployment,
  ids: ReadonlySet<ProviderId>,
  from: LedgerSnapshot | undefined,
): Promise<ProviderClient> {
  const client = await createProvider({ deployment: d, ids, ...(from === undefined ? {} : { from }) });
  await client.sync();
  return client;
}

function pathOf({ args, around: { env } }: Context, d: Deployment): string {
  const named = args.text("snapshot") ?? env["YELLOWSTONE_SNAPSHOT"];
  if (named !== undefined && named !== "") return named;
  const cache = env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache");
  return join(cache, "yellowstone", `${d.chainId}-${d.addresses.compute.toLowerCase()}.json`);
}

/** What stands in the file; undefined when there is none. What is in it is checked by `importSnapshot`. */
async function readKept(path: string): Promise<LedgerSnapshot | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, "utf8")) as LedgerSnapshot;
    return Array.isArray(kept?.ids) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Write aside and put in place, so that whoever reads meanwhile finds one or the other. */
async function keep(path: string, snapshot: LedgerSnapshot): Promise<void> {
  const aside = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(aside, JSON.stringify(snapshot), { mode: 0o600 });
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}
