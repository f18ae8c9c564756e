// What a service has that depends on the SDK: the packed tarball, installed in a folder outside the repository, without
// workspace links. Versions are those of the repository's lock file, so nothing is resolved and no network is needed: `npm ci`
// of the repository has left every tarball in npm's cache. Where that cache is gone, the installed packages are copied.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");
const SDK = "@yellowstone-compute/sdk";

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

/** A tarball of the SDK as `npm publish` would send it. */
export interface Packed {
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
}

/** Pack the SDK as it is built. */
export async function packSdk(folder: string): Promise<Packed> {
  const args = ["pack", "--json", "--pack-destination", folder, "--ignore-scripts"];
  const { stdout } = await run("npm", args, { cwd: join(ROOT, "sdk"), maxBuffer: 2 ** 26 });
  const [packed] = JSON.parse(stdout) as {
    readonly filename: string;
    readonly size: number;
    readonly unpackedSize: number;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (packed === undefined) throw new Error("npm pack gave nothing");
  const files = packed.files.map(({ path }) => path);
  return { path: join(folder, packed.filename), bytes: packed.size, unpackedBytes: packed.unpackedSize, files };
}

/**
 * Install a tarball in an empty folder, with ethers, which is its peer, without optional peers, and `extra` packages of the repository. Says whether it
 * came from npm's cache or had to be copied.
 */
export async function installTarball(
  folder: string,
  { path, files }: Packed,
  extra: readonly string[] = [],
): Promise<"installed" | "copied"> {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  const { version, dependencies, peerDependencies, peerDependenciesMeta, bin, engines } = lock.packages["sdk"] ?? {};
  const peers = { peerDependencies, peerDependenciesMeta };
  const direct = ["ethers", ...extra];
  const closure = closureOf(lock.packages, [...direct, ...Object.keys(dependencies ?? {})]);
  // What the repository needs for development alone, its service needs to run: `undefined` is not written.
  const entries = [...closure].map(([at, entry]) => [at, { ...entry, dev: undefined, peer: undefined }] as const);
  const versions = direct.map((name) => [name, lock.packages[`node_modules/${name}`]?.version] as const);
  const manifest = {
    name: "consumer",
    version: "1.0.0",
    private: true,
    type: "module",
    dependencies: { [SDK]: `file:${path}`, ...Object.fromEntries(versions) },
  };
  const integrity = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  const own = { version, resolved: `file:${path}`, integrity, dependencies, ...peers, bin, engines };
  const packages = { "": manifest, [`node_modules/${SDK}`]: own, ...Object.fromEntries(entries) };
  const written = { name: "consumer", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(written, null, 2));
  try {
    await run("npm", ["ci", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
    return "installed";
  } catch (error) {
    if (!/ENOTCACHED|cache mode is 'only-if-cached'/.test(String((error as { stderr?: unknown }).stderr))) throw error;
  }
  for (const at of closure.keys()) cpSync(join(ROOT, at), join(folder, at), { recursive: true, dereference: true });
  for (const file of files) {
    const to = join(folder, "node_modules", SDK, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(ROOT, "sdk", file), to);
  }
  return "copied";
}

/** Everything that packages need, by its place in the lock file. */
function closureOf(packages: Readonly<Record<string, LockEntry>>, names: readonly string[]): Map<string, LockEntry> {
  const found = new Map<string, LockEntry>();
  const visit = (from: string, name: string, isOptional: boolean): void => {
    const at = placeOf(packages, from, name);
    const entry = at === undefined ? undefined : packages[at];
    if (at === undefined || entry === undefined || entry.link === true) {
      if (isOptional) return;
      throw new Error(`${name}, which ${from === "" ? "the SDK" : from} needs, is not in package-lock.json`);
    }
    if (found.has(at)) return;
    found.set(at, entry);
    for (const each of Object.keys(entry.dependencies ?? {})) visit(at, each, false);
    for (const each of Object.keys(entry.optionalDependencies ?? {})) visit(at, each, true);
  };
  for (const name of names) visit("", name, false);
  return found;
}

/** Where Node finds a package from another one: in the nearest `node_modules` above it. */
function placeOf(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): string | undefined {
  for (let above = from; ; above = above.slice(0, Math.max(above.lastIndexOf("/node_modules/"), 0))) {
    const at = above === "" ? `node_modules/${name}` : `${above}/node_modules/${name}`;
    if (packages[at] !== undefined) return at;
    if (above === "") return undefined;
  }
}
