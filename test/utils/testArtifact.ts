import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";

/** What a contract of test/mocks is deployed from. */
export interface TestArtifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
}

/**
 * Read the artifact of a contract under test/: these are built for the Solidity tests, apart from those that are deployed.
 * Builds them if that has not happened yet.
 */
export async function testArtifact(path: string, name: string): Promise<TestArtifact> {
  const file = join("cache", "test-artifacts", path, `${name}.json`);
  if (!existsSync(file)) await hre.tasks.getTask("build").run({ quiet: true });
  return JSON.parse(readFileSync(file, "utf8")) as TestArtifact;
}
