import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
/** Of these the memory is told as well, and the share of ethers; of every other door the time alone. */
const WHOLE: readonly string[] = ["main door", "claim path", "router", "service"];

interface Opening {
  readonly ms: number;
  readonly peakMebibytes: number;
}

/** Cold imports, each in a fresh process of plain Node, in turns within each round; and the size of the packed SDK. */
export async function doorRows(rows: Rows): Promise<void> {
  const doors = doorsOf();
  const names = Object.keys(doors);
  const peaks = new Map<string, number[]>(names.map((name) => [name, []]));
  const contest = Object.fromEntries(
    names.map((name) => [
      name,
      async () => {
        const { ms, peakMebibytes } = await open(doors[name] ?? []);
        peaks.get(name)?.push(peakMebibytes);
        return ms;
      },
    ]),
  );
  const times = await interleaved(contest, ROUNDS);
  const nothing = await open(["node:path"]);
  for (const name of names) {
    const [row, peer] = name === PEER ? ["", PEER] : [`: ${name}`, ""];
    const [ours, theirs] = [times[name] ?? [], times[PEER] ?? []];
    rows.add(`cold import${row}`, ROUNDS, median(ours), "ms", peer);
    if (name !== PEER && !WHOLE.includes(name)) continue;
    if (name !== PEER) rows.add(`cold import: ${name}, of ethers alone`, ROUNDS, 100 / timesAsLong(theirs, ours), "%");
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

/** What is opened: every door of the SDK, two together, and by itself the library that all of its clients have anyway. */
function doorsOf(): Readonly<Record<string, readonly string[]>> {
  const manifest = JSON.parse(readFileSync(join(ROOT, "sdk", "package.json"), "utf8")) as { exports: object };
  const paths = Object.keys(manifest.exports).filter((path) => path !== "." && !path.endsWith(".json"));
  return {
    [PEER]: [PEER],
    "main door": [SDK],
    "claim path": [`${SDK}/deployment`, `${SDK}/provider`],
    ...Object.fromEntries(paths.map((path) => [path.slice(2), [`${SDK}${path.slice(1)}`]])),
  };
}

async function open(doors: readonly string[]): Promise<Opening> {
  const script = `const startedAt = performance.now();
    await Promise.all(${JSON.stringify(doors)}.map((door) => import(door)));
    const ms = performance.now() - startedAt;
    // Its own high-water mark, where there is one: maxRSS begins with that of the bench (tools/memoryPeak.ts).
    const status = await import("node:fs").then(({ readFileSync }) => readFileSync("/proc/self/status", "utf8")).catch(() => "");
    const kibibytes = Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
    console.log(JSON.stringify({ ms, peakMebibytes: (kibibytes * 1024) / ${MEBIBYTE} }));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT });
  return JSON.parse(stdout) as Opening;
}
