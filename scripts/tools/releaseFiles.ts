// What a release writes, as text: no file is touched here.
const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const BUMPS = ["major", "minor", "patch"] as const;

/** A release that cannot be made, in words for the one who makes it. */
export class ReleaseRefused extends Error {}

/**
 * Give the next version: a version, or which part of the present one is raised. The present one itself counts as next as long
 * as the change log knows no release of it.
 * @throws ReleaseRefused
 */
export function nextVersion(present: string, wanted: string, changelog: string): string {
  const parts = partsOf(present);
  const bump = BUMPS.findIndex((each) => each === wanted);
  const next = bump < 0 ? wanted : parts.map((part, i) => (i < bump ? part : i === bump ? part + 1 : 0)).join(".");
  const order = compare(partsOf(next), parts);
  if (order < 0) throw new ReleaseRefused(`${next} is before ${present}`);
  if (changelog.includes(`\n## [${next}]`)) throw new ReleaseRefused(`${next} was released: the change log has it`);
  return next;
}

function partsOf(version: string): number[] {
  const match = SEMVER.exec(version);
  if (match === null) throw new ReleaseRefused(`${version} is neither x.y.z nor ${BUMPS.join(", ")}`);
  return match.slice(1).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Put the release's name and date over what was unreleased, and an empty section above. @throws ReleaseRefused */
export function releaseChangelog(text: string, version: string, date: string): string {
  const heading = "\n## [Unreleased]\n";
  const [before, after, ...rest] = text.split(heading);
  if (before === undefined || after === undefined || rest.length > 0) {
    throw new ReleaseRefused("CHANGELOG.md needs one heading ## [Unreleased]");
  }
  const [section = ""] = after.split("\n## [");
  if (!/^- /m.test(section)) throw new ReleaseRefused("nothing is listed under Unreleased in CHANGELOG.md");
  return `${before}${heading}\n## [${version}] - ${date}\n${after}`;
}

/** Set the version of a manifest: its first one. @throws ReleaseRefused */
export function setVersion(text: string, present: string, version: string): string {
  const place = `"version": "${present}"`;
  if (!text.includes(place)) throw new ReleaseRefused(`a manifest has another version than ${present}`);
  return text.replace(place, `"version": "${version}"`);
}

/** Set the versions of the workspace in the lock file. @throws ReleaseRefused */
export function setLockVersions(text: string, present: string, version: string): string {
  const lock = JSON.parse(text) as { version?: string; packages: Record<string, { version?: string }> };
  const [root, sdk] = [lock.packages[""], lock.packages["sdk"]];
  if (lock.version !== present || root?.version !== present || sdk?.version !== present) {
    throw new ReleaseRefused(`package-lock.json has another version than ${present}: npm install, npm run fix-lock`);
  }
  lock.version = root.version = sdk.version = version;
  return `${JSON.stringify(lock, null, 2)}\n`;
}

const TABLE = "| SDK | contracts' `version()` |\n|---|---|\n";

/** Add the row of a new minor release to the table of versions in the SDK's README. @throws ReleaseRefused */
export function addToTable(readme: string, version: string, contracts: string): string {
  if (!readme.includes(TABLE)) throw new ReleaseRefused("sdk/README.md has no table of versions");
  const line = version.split(".").slice(0, 2).join(".");
  const row = `| ${line} | ${contracts} |\n`;
  if (readme.includes(row)) return readme;
  return readme.replace(TABLE, `${TABLE}${row}`);
}
