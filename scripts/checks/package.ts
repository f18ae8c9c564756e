// `npm run package-check`: what others install. Packs the SDK as it is built, installs the tarball in an empty folder and checks
//   contents     nothing but the built package; no Hardhat in what it depends on; publint (strict), are-the-types-wrong
//   imports      every path of `exports` opens there
//   sizes        the tarball and the browser's bundles against budgets
//   browsers     every part that says so is bundled for a browser; what needs Node stays out
//   API pages    typedoc without a warning; `--without-api` leaves it to `npm run docs:api` (10 s)
// Exits 1 if one of them fails.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { bundleForBrowser } from "./bundle.js";
import { installTarball, packSdk, type Packed } from "./consumer.js";

const ROOT = join(import.meta.dirname, "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");
const SDK = "@yellowstone-compute/sdk";
const run = promisify(execFile);

/** Most bytes of each. A budget is raised in the commit that needs it, with the reason in its message. */
const BUDGETS = {
  tarball: 640_000,
  unpacked: 2_700_000,
  "main door": 450_000,
  "main door with ethers": 720_000,
  "claim path": 220_000,
  "claim path with ethers": 320_000,
};
/** Doors that need Node. */
const NODE_DOORS = ["./journal", "./service", "./status-page"];
/** What a file of the package may be. */
const CONTENTS = /^(dist\/.+\.(js|d\.ts)|README\.md|LICENSE|package\.json)$/;
/** Packages that no bundle for a browser may hold, and no service should get from us. */
const NODE_ONLY = /node_modules\/(fastify|@fastify|pino|prom-client|json5|secp256k1|tiny-secp256k1)\//;
const FORBIDDEN = /hardhat|ignition|typechain|mocha|chai|esbuild|typescript/;

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const problems: string[] = [];
const manifest = JSON.parse(readFileSync(join(ROOT, "sdk", "package.json"), "utf8")) as Manifest;
const doors = Object.keys(manifest.exports).filter((door) => !door.endsWith(".json"));
const nameOf = (door: string): string => `${SDK}${door.slice(1)}`;

/** Do a check, and note its failure under its name. */
async function check(name: string, act: () => Promise<string>): Promise<void> {
  const startedAt = performance.now();
  try {
    const said = await act();
    console.log(`${name.padEnd(22)} ${said} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as { stdout?: string; stderr?: string; message: string };
    problems.push(`${name}: ${message}\n${stdout}${stderr}`);
  }
}

/** @throws Error when a size is over its budget */
function weigh(name: keyof typeof BUDGETS, bytes: number, more = ""): string {
  const budget = BUDGETS[name];
  const figures = `${bytes.toLocaleString("en")} bytes, budget ${budget.toLocaleString("en")}${more}`;
  if (bytes > budget) throw new Error(figures);
  return figures;
}

function contents({ files }: Packed): Promise<string> {
  const strange = files.filter((file) => !CONTENTS.test(file) || /\.(test|spec)\.|tsbuildinfo/.test(file));
  if (strange.length > 0) throw new Error(`not for others: ${strange.join(", ")}`);
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const forbidden = dependencies.filter((name) => FORBIDDEN.test(name));
  if (forbidden.length > 0) throw new Error(`depends on ${forbidden.join(", ")}`);
  return Promise.resolve(`${files.length} files; depends on ${dependencies.join(", ")}`);
}

async function lint({ path }: Packed): Promise<string> {
  const tarball = Uint8Array.from(readFileSync(path)).buffer;
  const { messages, pkg } = await publint({ strict: true, pack: { tarball } });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join("\n"));
  return "no message";
}

/** ES modules alone: `require` and resolution before `exports` are not supported, and not judged. */
async function types({ path }: Packed): Promise<string> {
  await run(join(BIN, "attw"), [path, "--profile", "esm-only", "--no-color", "--format", "ascii"], { cwd: ROOT });
  return "right for Node's ES modules and for bundlers";
}

async function imports(folder: string): Promise<string> {
  const script = `for (const name of ${JSON.stringify(doors.map(nameOf))}) {
    const found = Object.keys(await import(name)).length;
    if (found === 0) throw new Error(name + " exports nothing");
  }`;
  await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  return `${doors.length} paths open`;
}

async function bundle(folder: string, name: "main door" | "claim path", contentsOf: string): Promise<void> {
  const source = { contents: contentsOf, resolveDir: folder };
  for (const [row, external] of [
    [name, ["ethers"]],
    [`${name} with ethers`, []],
  ] as const) {
    await check(row, async () => {
      const { bytes, gzipBytes } = await bundleForBrowser({ ...source, external });
      return weigh(row, bytes, `; ${gzipBytes.toLocaleString("en")} compressed`);
    });
  }
}

async function browsers(folder: string): Promise<string> {
  const free = doors.filter((door) => !NODE_DOORS.includes(door));
  for (const door of free) {
    const source = { contents: `export * from "${nameOf(door)}";`, resolveDir: folder };
    const { inputs } = await bundleForBrowser(source);
    const foreign = inputs.filter((input) => NODE_ONLY.test(input));
    if (foreign.length > 0) throw new Error(`${door} holds ${foreign.join(", ")}`);
  }
  for (const door of NODE_DOORS) {
    const source = { contents: `export * from "${nameOf(door)}";`, resolveDir: folder };
    const isFree = await bundleForBrowser(source).then(
      () => true,
      () => false,
    );
    if (isFree) throw new Error(`${door} needs no Node: take it off the list`);
  }
  return `${free.length} paths without Node; ${NODE_DOORS.join(", ")} need it`;
}

async function apiPages(): Promise<string> {
  await run(join(BIN, "typedoc"), ["--options", join(ROOT, "sdk", "typedoc.json"), "--emit", "none"], { cwd: ROOT });
  return "no warning";
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), "package-")));
try {
  const packed = await packSdk(folder);
  await check("contents", () => contents(packed));
  await check("tarball", () => Promise.resolve(weigh("tarball", packed.bytes)));
  await check("unpacked", () => Promise.resolve(weigh("unpacked", packed.unpackedBytes)));
  await check("publint", () => lint(packed));
  await check("are-the-types-wrong", () => types(packed));
  await check("install", () => installTarball(folder, packed));
  await check("imports", () => imports(folder));
  await bundle(folder, "main door", `export * from "${SDK}";`);
  await bundle(folder, "claim path", readFileSync(join(import.meta.dirname, "claimPath.ts"), "utf8"));
  await check("browsers", () => browsers(folder));
  if (!process.argv.includes("--without-api")) await check("API pages", apiPages);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(`package: ${problems.length === 0 ? "holds" : `${problems.length} problems`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
