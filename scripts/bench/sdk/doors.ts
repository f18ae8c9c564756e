import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packSdk } from "../../checks/consumer.js";
import { interleaved, median, timesAsLong } from "../rounds.js";
import type { Rows } from "../rows.js";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..", "..");
const ROUNDS = 5;
const MEBIBYTE = 1_048_576;
const PEER = "ethers";
const SDK = "@yellowstone-compute/sdk";
/** What is opened: doors of the SDK, and by itself the library that all of its clients have anyway. */
const DOORS = {
  "main door": [SDK],
  "claim path": [`${SDK}/deployment`, `${SDK}/provider`],
  router: [`${SDK}/router`],
  service: [`${SDK}/service`],
  [PEER]: [PEER],
} as const;
type Door = keyof typeof DOORS;

interface Opening {
  readonly ms: number;
  readonly peakMebibytes: number;
}

/** Cold imports, each in a fresh process of plain Node, in turns within each round; and the size of the packed SDK. */
export async function doorRows(rows: Rows): Promise<void> {
  const names = Object.keys(DOORS) as Door[];
  const peaks = new Map<Door, number[]>(names.map((name) => [name, []]));
  const contest = Object.fromEntries(
    names.map((name) => [
      name,
      async () => {
        const { ms, peakMebibytes } = await open(DOORS[name]);
        peaks.get(name)?.push(peakMebibytes);
        return ms;
      },
    ]),
  ) as Record<Door, () => Promise<number>>;
  const times = await interleaved(contest, ROUNDS);
  const nothing = await open(["node:path"]);
  for (const name of names) {
    const [row, peer] = name === PEER ? ["", PEER] : [`: ${name}`, ""];
    rows.add(`cold import${row}`, ROUNDS, median(times[name]), "ms", peer);
    if (name !== PEER)
      rows.add(`cold import: ${name}, of ethers alone`, ROUNDS, 100 / timesAsLong(times[PEER], times[name]), "%");
    const memory = median(peaks.get(name) ?? []) - nothing.peakMebibytes;
    rows.add(`memory an import adds at its peak${row}`, ROUNDS, memory, "MiB", peer);
  }
  const folder = mkdtempSync(join(tmpdir(), "yellowstone-bench-"));
  try {
    const { bytes, unpackedBytes, files } = await packSdk(folder);
    rows.add("packed size of the SDK", files.length, bytes, "bytes");
    rows.add("packed size of the SDK, unpacked", files.length, unpackedBytes, "bytes");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open(doors: readonly string[]): Promise<Opening> {
  const script = `const startedAt = performance.now();
    await Promise.all(${JSON.stringify(doors)}.map((door) => import(door)));
    const ms = performance.now() - startedAt;
    console.log(JSON.stringify({ ms, peakMebibytes: (process.resourceUsage().maxRSS * 1024) / ${MEBIBYTE} }));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT });
  return JSON.parse(stdout) as Opening;
}
