import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Code } from "./solc.js";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const MODULES = `${FOLDER}node_modules`;

/** Files in the peers' packages that hold ABI and bytecode. */
const ARTEFACTS = {
  MerkleDistributor: "@uniswap/merkle-distributor/build/MerkleDistributor.json",
  DFRewards: "@oceanprotocol/contracts/artifacts/contracts/df/DFRewards.sol/DFRewards.json",
  Escrow: "@oceanprotocol/contracts/artifacts/contracts/escrow/Escrow.sol/Escrow.json",
  AllocationExchange:
    "@graphprotocol/contracts/artifacts/contracts/payments/AllocationExchange.sol/AllocationExchange.json",
  InferenceServing: `${zeroG("inference")}/InferenceServing__factory.js`,
  LedgerManager: `${zeroG("ledger")}/LedgerManager__factory.js`,
} as const;

/** The one package of which Node runs the code: its tree is timed against ours. */
const MERKLE_TREE = "@openzeppelin/merkle-tree/dist/index.js";

export type PeerContract = keyof typeof ARTEFACTS;

function zeroG(room: string): string {
  return `@0gfoundation/0g-compute-ts-sdk/lib.commonjs/${room}/contract/typechain/factories`;
}

/**
 * Install the peers' packages from the bench's own lock file, unless they are there.
 * @returns what stands in the way, or undefined.
 */
export function installPeers(): string | undefined {
  const wanted = [...Object.values(ARTEFACTS), MERKLE_TREE];
  if (wanted.every((path) => existsSync(`${MODULES}/${path}`))) return undefined;
  console.log("peers: npm ci --prefix scripts/bench --ignore-scripts");
  const { status, stderr, error } = spawnSync("npm", ["ci", "--prefix", FOLDER, "--ignore-scripts"], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const missing = wanted.find((path) => !existsSync(`${MODULES}/${path}`));
  if (status === 0 && missing === undefined) return undefined;
  const why = error?.message ?? /npm error code (\S+)/.exec(stderr)?.[1] ?? missing ?? `npm ended with ${status}`;
  return `the peers' packages cannot be installed (${why}); without them only our own figures and baselines are measured`;
}

/** Read a peer's published ABI and bytecode; `installPeers` comes first. */
export function peerContract(name: PeerContract): Code {
  const text = readFileSync(`${MODULES}/${ARTEFACTS[name]}`, "utf8");
  if (ARTEFACTS[name].endsWith(".js")) return codeOfFactory(name, text);
  const { abi, bytecode } = JSON.parse(text) as { abi: unknown[]; bytecode: string };
  return { abi, bytecode: bytecode.startsWith("0x") ? bytecode : `0x${bytecode}` };
}

/** A tree of the peer, as far as the bench uses it. */
export interface PeerTree {
  getProof(index: number): string[];
}

/** What the bench uses of the peer's package. */
export interface MerkleTreePackage {
  readonly StandardMerkleTree: {
    of(values: readonly (readonly bigint[])[], encoding: readonly string[]): PeerTree;
  };
  readonly SimpleMerkleTree: { of(leaves: readonly string[]): PeerTree };
}

/** Load the peer's tree; `installPeers` comes first. */
export async function merkleTree(): Promise<MerkleTreePackage> {
  return (await import(pathToFileURL(`${MODULES}/${MERKLE_TREE}`).href)) as MerkleTreePackage;
}

/** A typechain factory holds the bytecode as a literal; the ABI that is called is written out in the peer's file. */
function codeOfFactory(name: string, text: string): Code {
  const bytecode = /_bytecode\s*=\s*['"](0x[0-9a-f]+)['"]/.exec(text)?.[1];
  if (bytecode === undefined) throw new Error(`bench: no bytecode in the factory of ${name}`);
  return { abi: [], bytecode };
}
