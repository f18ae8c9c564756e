// Makes a release: npm run release -- <x.y.z | patch | minor | major> [--dry-run] [--tag] [--stages NAME,NAME]
//   --dry-run  say what would be done; nothing is written or run
//   --tag      commit and tag when all is well; otherwise the commands are printed
//   --stages   stages of npm test to run, when the others ran elsewhere; all without it
// Needs a clean tree. Writes the version everywhere it stands, moves the change log, builds, tests and packs; when a step fails,
// or on SIGINT, every file is as it was before. Publishing is not done here: its command is printed. Exits 1 when refused.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  addToTable,
  nextVersion,
  ReleaseRefused,
  releaseChangelog,
  setLockVersions,
  setVersion,
} from "./releaseFiles.js";

const ROOT = process.cwd();
const FOLDER = "release";
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Run a command in the repository. @throws ReleaseRefused when it fails */
function run(what: string, file: string, ...args: string[]): void {
  console.log(`== ${what}: ${[file, ...args].join(" ")}`);
  const { status, signal } = spawnSync(file, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) throw new ReleaseRefused(`${what} failed${signal === null ? "" : ` by ${signal}`}`);
}

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new ReleaseRefused(`git ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}

/** New texts of every file that holds the version, by path. */
function textsFor(present: string, version: string, date: string): Map<string, string> {
  const contracts = /DOMAIN_VERSION = "([^"]+)"/.exec(read("sdk/src/messages/domain.ts"))?.[1];
  if (contracts === undefined) throw new ReleaseRefused("sdk/src/messages/domain.ts names no DOMAIN_VERSION");
  const source = read("sdk/src/deployment/version.ts");
  const texts = new Map([
    ["package.json", setVersion(read("package.json"), present, version)],
    ["sdk/package.json", setVersion(read("sdk/package.json"), present, version)],
    ["package-lock.json", setLockVersions(read("package-lock.json"), present, version)],
    ["sdk/src/deployment/version.ts", source.replace(`"${present}"`, `"${version}"`)],
    ["CHANGELOG.md", releaseChangelog(read("CHANGELOG.md"), version, date)],
    ["sdk/README.md", addToTable(read("sdk/README.md"), version, contracts)],
  ]);
  return texts;
}

interface Options {
  readonly wanted: string;
  readonly dryRun: boolean;
  readonly tag: boolean;
  readonly stages: readonly string[];
}

function optionsOf(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { "dry-run": { type: "boolean" }, tag: { type: "boolean" }, stages: { type: "string" } },
  });
  const [wanted, ...more] = positionals;
  if (wanted === undefined || more.length > 0) throw new ReleaseRefused("one of x.y.z, patch, minor, major is wanted");
  const stages = values.stages?.split(",").filter((stage) => stage !== "") ?? [];
  return { wanted, dryRun: values["dry-run"] ?? false, tag: values.tag ?? false, stages };
}

function release({ wanted, dryRun, tag, stages }: Options): void {
  const dirty = git("status", "--porcelain");
  if (dirty !== "") throw new ReleaseRefused(`the tree is not clean:\n${dirty}`);
  const present = (JSON.parse(read("sdk/package.json")) as { version: string }).version;
  const version = nextVersion(present, wanted, read("CHANGELOG.md"));
  if (git("tag", "--list", `v${version}`) !== "") throw new ReleaseRefused(`the tag v${version} is there already`);
  const texts = textsFor(present, version, new Date().toISOString().slice(0, 10));
  const codes = "sdk/src/deployment/codes.ts";
  console.log(`release ${version}, after ${present}`);
  for (const [path, text] of texts) console.log(`  ${text === read(path) ? "as it is" : "changes "}  ${path}`);
  if (dryRun) return console.log("dry run: nothing was written");

  const before = new Map([...texts.keys(), codes].map((path) => [path, read(path)]));
  const tarball = join(FOLDER, `yellowstone-compute-sdk-${version}.tgz`);
  const restore = (): void => {
    for (const [path, text] of before) writeFileSync(join(ROOT, path), text);
    rmSync(join(ROOT, tarball), { force: true });
    console.error("every file is as it was before; npm run build brings the built package back, too");
  };
  // The commands get the signal themselves, and fail of it.
  process.on("SIGINT", () => undefined);
  try {
    for (const [path, text] of texts) writeFileSync(join(ROOT, path), text);
    run("contracts", "npm", "run", "--silent", "build:contracts", "--", "--force");
    run("code", "npx", "tsx", "scripts/tools/codes.ts");
    run("build", "npm", "run", "--silent", "build", "-w", "sdk");
    run("test", "npm", "test", "--silent", ...(stages.length === 0 ? [] : ["--", ...stages]));
    mkdirSync(join(ROOT, FOLDER), { recursive: true });
    run("pack", "npm", "pack", "--silent", "--ignore-scripts", "-w", "sdk", "--pack-destination", FOLDER);
  } catch (error) {
    restore();
    throw error;
  }
  if (tag) {
    run("commit", "git", "commit", "--quiet", "--all", "--message", `chore: release ${version}`);
    run("tag", "git", "tag", "--annotate", `v${version}`, "--message", `release ${version}`);
  }
  const sha256 = createHash("sha256")
    .update(readFileSync(join(ROOT, tarball)))
    .digest("hex");
  console.log(`\n${sha256}  ${tarball}\n\nNext:`);
  if (!tag)
    console.log(
      `  git commit --all --message "chore: release ${version}"\n  git tag --annotate v${version} --message "release ${version}"`,
    );
  console.log(`  git push --follow-tags\n  npm publish ${tarball} --access public`);
}

try {
  release(optionsOf(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
