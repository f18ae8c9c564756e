// Adds the fingerprints of the artifacts' code to those that `assertCompatible` knows, under the present version: a step of
// `npm run release`, after a build of everything. By the optimiser's way over the intermediate language, the code of a contract
// depends on what is compiled beside it: a build of what changed may differ from a build of all, and only the latter is released.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { fingerprintOf } from "../../sdk/src/deployment/fingerprint.js";
import { RELEASED_CODES, type ComparedContract, type ReleasedCode } from "../../sdk/src/deployment/codes.js";

const ROOT = join(import.meta.dirname, "..", "..");

const CODES = join(ROOT, "sdk", "src", "deployment", "codes.ts");

const CONTRACTS: readonly (readonly [ComparedContract, string])[] = [
  ["compute", "ComputeContract.sol/ComputeContract"],
  ["bootstrap", "bootstrap/BootstrapPool.sol/BootstrapPool"],
  ["registry", "providers/ProviderRegistry.sol/ProviderRegistry"],
  ["routers", "routers/RouterSet.sol/RouterSet"],
  ["lens", "periphery/ComputeLens.sol/ComputeLens"],
];

interface Artifact {
  readonly deployedBytecode: string;
  readonly immutableReferences: Readonly<
    Record<string, readonly { readonly start: number; readonly length: number }[]>
  >;
}

/** Take the fingerprints of the artifacts, under the name of a release. */
export function codesOfArtifacts(release: string): Record<ComparedContract, ReleasedCode> {
  const codes = CONTRACTS.map(([name, path]) => {
    const artifact = readFileSync(join(ROOT, "artifacts", "contracts", `${path}.json`), "utf8");
    const { deployedBytecode, immutableReferences } = JSON.parse(artifact) as Artifact;
    const places = Object.values(immutableReferences).flatMap((each) => [...each]);
    const immutables = places.map(({ start, length }) => [start, length] as const).sort(([a], [b]) => a - b);
    return [name, { release, ...fingerprintOf(deployedBytecode, immutables) }] as const;
  });
  return Object.fromEntries(codes) as Record<ComparedContract, ReleasedCode>;
}

/** Give the file's text with another release in it. */
async function renderCodes(text: string, release: string): Promise<string> {
  const codes = codesOfArtifacts(release);
  const lists = CONTRACTS.map(([name]) => {
    const earlier = RELEASED_CODES[name].filter((code) => code.release !== release);
    return `${name}: [${[...earlier, codes[name]].map(writeCode).join(",")}],`;
  });
  const [before = ""] = text.split("/** The code of every release");
  const imported = `import type { Hash32 } from "../units/brands.js";\n`;
  const head = before.includes(imported) ? before : before.replace("import type", `${imported}import type`);
  const added = `${head}/** The code of every release of this package. */
    export const RELEASED_CODES: ReleasedCodes = { ${lists.join("\n")} };`;
  return format(added, { ...(await resolveConfig(join(ROOT, "package.json"))), parser: "typescript" });
}

function writeCode({ release, bytes, immutables, hash }: ReleasedCode): string {
  return `{ release: "${release}", bytes: ${bytes}, hash: "${hash}" as Hash32, immutables: ${JSON.stringify(immutables)} }`;
}

if (process.argv[1] === import.meta.filename) {
  const { version } = JSON.parse(readFileSync(join(ROOT, "sdk", "package.json"), "utf8")) as { version: string };
  writeFileSync(CODES, await renderCodes(readFileSync(CODES, "utf8"), version));
  console.log(`code of ${version} written to sdk/src/deployment/codes.ts`);
}
