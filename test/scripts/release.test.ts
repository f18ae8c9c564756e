import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  addToTable,
  nextVersion,
  releaseChangelog,
  ReleaseRefused,
  setLockVersions,
  setVersion,
} from "../../scripts/tools/releaseFiles.js";
import { ROOT } from "../utils/script.js";

const LOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n\n## [1.2.3] - 2026-01-01\n\n- Zero.\n";

describe("release: what is written", () => {
  it("raises a part, takes a version, and the present one as long as it was not released", () => {
    expect(nextVersion("1.2.4", "patch", LOG)).to.equal("1.2.5");
    expect(nextVersion("1.2.4", "minor", LOG)).to.equal("1.3.0");
    expect(nextVersion("1.2.4", "major", LOG)).to.equal("2.0.0");
    expect(nextVersion("1.2.4", "1.10.0", LOG)).to.equal("1.10.0");
    expect(nextVersion("1.2.4", "1.2.4", LOG)).to.equal("1.2.4");
    for (const wanted of ["1.2.3", "1.1.9", "0.9.9", "v2", "1.2", "01.2.3", "1.2.3-rc.1", "latest", ""]) {
      expect(() => nextVersion("1.2.4", wanted, LOG), wanted).to.throw(ReleaseRefused);
    }
    expect(() => nextVersion("1.2.3", "1.2.3", LOG)).to.throw(ReleaseRefused, "was released");
  });

  it("moves what is unreleased under the version, and refuses when there is nothing", () => {
    expect(releaseChangelog(LOG, "1.3.0", "2026-02-03")).to.equal(
      LOG.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-02-03\n"),
    );
    const emptied = releaseChangelog(LOG, "1.3.0", "2026-02-03");
    expect(() => releaseChangelog(emptied, "1.3.1", "2026-02-04")).to.throw(ReleaseRefused, "nothing is listed");
    expect(() => releaseChangelog("# Changelog\n", "1.3.0", "2026-02-03")).to.throw(ReleaseRefused, "one heading");
  });

  it("adds a row of the table for a new minor release alone", () => {
    const readme = "x\n| SDK | contracts' `version()` |\n|---|---|\n| 1.2 | 1 |\n";
    expect(addToTable(readme, "1.2.9", "1")).to.equal(readme);
    expect(addToTable(readme, "1.3.0", "2")).to.equal(readme.replace("| 1.2", "| 1.3 | 2 |\n| 1.2"));
    expect(() => addToTable("x", "1.3.0", "2")).to.throw(ReleaseRefused);
  });

  it("refuses manifests of different versions", () => {
    const lock = (sdk: string) =>
      JSON.stringify({ version: "1.0.0", packages: { "": { version: "1.0.0" }, sdk: { version: sdk } } });
    expect(setLockVersions(lock("1.0.0"), "1.0.0", "2.0.0").match(/2\.0\.0/g)).to.have.length(3);
    expect(() => setLockVersions(lock("0.9.0"), "1.0.0", "2.0.0")).to.throw(ReleaseRefused);
    expect(() => setVersion(`{ "version": "0.9.0" }`, "1.0.0", "2.0.0")).to.throw(ReleaseRefused);
  });
});

describe("release: npm run release, in a clone", function () {
  this.timeout(120_000);
  const clone = join(realpathSync(mkdtempSync(join(tmpdir(), "release-"))), "clone");
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: clone, encoding: "utf8" }).trim();
  const read = (path: string): string => readFileSync(join(clone, path), "utf8");
  const versionIn = (path: string): string => (JSON.parse(read(path)) as { version: string }).version;
  const present = (JSON.parse(readFileSync(join(ROOT, "sdk", "package.json"), "utf8")) as { version: string }).version;
  const next = nextVersion(present, "minor", "");

  const release = (...args: string[]) => {
    const script = join(clone, "scripts", "tools", "release.ts");
    const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, script, ...args], {
      cwd: clone,
      encoding: "utf8",
    });
    return { status, text: `${stdout}${stderr}` };
  };
  /** Change a file and commit it. */
  const commit = (path: string, change: (text: string) => string): void => {
    writeFileSync(join(clone, path), change(read(path)));
    git("commit", "--quiet", "--all", "--message", "test: a change");
  };

  before(() => {
    execFileSync("git", ["clone", "--quiet", "--local", ROOT, clone]);
    git("config", "user.name", "release test");
    git("config", "user.email", "test@example.invalid");
    git("config", "commit.gpgsign", "false");
    git("config", "tag.gpgsign", "false");
    // What is installed and compiled is the repository's: the sources are the same, and compiling takes a minute.
    for (const folder of ["node_modules", "artifacts", "sdk/src/generated"]) {
      symlinkSync(join(ROOT, folder), join(clone, folder));
    }
    git("config", "core.excludesFile", join(clone, ".git", "info", "exclude"));
    writeFileSync(join(clone, ".git", "info", "exclude"), "/node_modules\n/artifacts\n/sdk/src/generated\n");
    commit("package.json", (text) => text.replace(/("build:contracts": )"[^"]+"/, '$1"true"'));
  });

  after(() => rmSync(join(clone, ".."), { recursive: true, force: true }));

  it("refuses what is no release, and a tree that is not clean", () => {
    for (const args of [[], ["patch", "minor"], ["0.0.1"], ["next"], ["--publish", "patch"]]) {
      const { status, text } = release(...args);
      expect(status, text).to.equal(1);
      expect(text).to.not.match(/^\s+at /m);
    }
    writeFileSync(join(clone, "stray.txt"), "");
    expect(release("minor")).to.deep.include({ status: 1 });
    expect(release("minor").text).to.include("the tree is not clean").and.include("stray.txt");
    rmSync(join(clone, "stray.txt"));
  });

  it("--dry-run says what would change, and changes nothing", () => {
    const { status, text } = release("minor", "--dry-run");
    expect(status, text).to.equal(0);
    expect(text).to.include(`release ${next}, after ${present}`).and.include("changes   sdk/package.json");
    expect(git("status", "--porcelain")).to.equal("");
    expect(existsSync(join(clone, "release"))).to.equal(false);
  });

  it("leaves every file as it was when a step fails", () => {
    commit("sdk/src/units/constants.ts", (text) => `${text}\nexport const BROKEN: string = 1;\n`);
    const { status, text } = release("minor", "--stages", "sizes");
    expect(status, text).to.equal(1);
    expect(text).to.include("build failed").and.include("every file is as it was before");
    expect(git("status", "--porcelain")).to.equal("");
    git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("writes the version everywhere, tests, packs and tags", () => {
    const { status, text } = release("minor", "--tag", "--stages", "sizes");
    expect(status, text).to.equal(0);
    for (const path of ["package.json", "sdk/package.json", "package-lock.json"]) {
      expect(versionIn(path), path).to.equal(next);
    }
    expect(read("sdk/src/deployment/version.ts")).to.include(`"${next}"`);
    expect(read("sdk/src/deployment/codes.ts").match(new RegExp(`release: "${next}"`, "g"))).to.have.length(5);
    expect(read("CHANGELOG.md")).to.match(
      new RegExp(`## \\[Unreleased\\]\n\n## \\[${next}\\] - \\d{4}-\\d\\d-\\d\\d\n`),
    );
    expect(read("sdk/README.md")).to.include(`| ${next.split(".").slice(0, 2).join(".")} | 1 |`);
    expect(git("status", "--porcelain")).to.equal("");
    expect(git("describe", "--tags")).to.equal(`v${next}`);

    const tarball = `release/yellowstone-compute-sdk-${next}.tgz`;
    const sha256 = createHash("sha256")
      .update(readFileSync(join(clone, tarball)))
      .digest("hex");
    expect(text).to.include(`${sha256}  ${tarball}`).and.include(`npm publish ${tarball}`);
    const unpacked = execFileSync("tar", ["-xzOf", join(clone, tarball), "package/dist/deployment/version.js"]);
    expect(unpacked.toString()).to.include(`"${next}"`);
    expect(release(next).text, "only once").to.include("was released");
  });
});
