import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PUBLISHED, type Deployment, type PublishedDeployment } from "@yellowstone-compute/sdk";
import hre from "hardhat";
import { format, resolveConfig } from "prettier";
import { LocalNotExported } from "./errors.js";

/** Chain ids that development nodes take when nobody names another. */
const LOCAL_CHAINS = [1_337n, 31_337n];
const DEVELOPMENT_NODE = /anvil|hardhat|ganache/i;

/** The SDK's own list of deployments. */
export const SDK_FILE = join(hre.config.paths.root, "sdk", "src", "deployment", "published.ts");

/**
 * Refuse to publish what lives on one machine: a local chain id, or a development node that passes for a real chain. Called before
 * anything is deployed; `elsewhere` leaves the second out, for a look at the file. @throws LocalNotExported
 */
export function requirePublic(chainId: bigint, clientVersion: string, elsewhere: boolean): void {
  if (LOCAL_CHAINS.includes(chainId)) throw new LocalNotExported(chainId, "it is a local chain's id");
  if (!elsewhere && DEVELOPMENT_NODE.test(clientVersion)) {
    throw new LocalNotExported(chainId, `its node is a development node, ${clientVersion}`);
  }
}

/** What is published of a deployment. */
export function publishedOf(d: Deployment, deployedInBlock: number, at: Date): PublishedDeployment {
  const { chainId, addresses, codeHash } = d;
  return { chainId, ...addresses, codeHash, deployedInBlock, deployedAt: at.toISOString().slice(0, 10) };
}

/** Write the list of deployments: those the SDK knows, and this one in the place of another on its chain. */
export async function publish(deployment: PublishedDeployment, file: string): Promise<void> {
  const others = PUBLISHED.filter(({ chainId }) => chainId !== deployment.chainId);
  const all = [...others, deployment].sort((a, b) => (a.chainId < b.chainId ? -1 : 1));
  const options = await resolveConfig(SDK_FILE);
  writeFileSync(file, await format(textOf(all), { ...options, parser: "typescript" }));
}

function textOf(all: readonly PublishedDeployment[]): string {
  const entries = all.map((deployment) => {
    const fields = Object.entries(deployment).map(([name, value]) => `${name}: ${literalOf(name, value)},`);
    return `Object.freeze({\n${fields.join("\n")}\n}),`;
  });
  return `import { address, hash32 } from "../units/identities.js";
import type { PublishedDeployment } from "./addresses.js";

/** Deployments that are published. Written by \`npm run deploy -- --export\`: do not edit. */
export const PUBLISHED: readonly PublishedDeployment[] = Object.freeze([
${entries.join("\n")}
]);
`;
}

function literalOf(name: string, value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value);
  if (name === "deployedAt") return text;
  return name === "codeHash" ? `hash32(${text})` : `address(${text})`;
}
