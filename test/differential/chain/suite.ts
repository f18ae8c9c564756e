import { testArtifact } from "../../utils/testArtifact.js";
import { System } from "../model/system.js";
import type { Router } from "../model/routers.js";
import { ARTIFACTS, artifactOf, callData, encode, selectorOf, type Artifact } from "../wire/abi.js";
import { keyOf, type Key } from "../wire/keys.js";
import { separatorOf } from "../wire/digests.js";
import type { Value } from "../model/outcome.js";
import type { WorldParameters } from "../drive/parameters.js";
import { CHAIN_ID, Node } from "./node.js";
import { probeCode } from "./probe.js";

const ROUTER = await testArtifact("test/mocks/ProgrammableRouter.sol", "ProgrammableRouter");
const SCHEDULE = artifactOf("contracts/emission/LinearDecreaseSchedule");
const GUARDIAN_ROLE = 1n;
const GOVERNANCE_ROLE = 2n;
const RESTRICTED = [
  ["compute", "veto", GUARDIAN_ROLE],
  ["compute", "pauseAttestations", GUARDIAN_ROLE],
  ["compute", "resumeAttestations", GUARDIAN_ROLE],
  ["compute", "rearmPause", GOVERNANCE_ROLE],
  ["routers", "removeRouter", GUARDIAN_ROLE],
  ["routers", "setRouters", GOVERNANCE_ROLE],
  ["registry", "vetoSlash", GUARDIAN_ROLE],
  ["registry", "setMinBond", GOVERNANCE_ROLE],
] as const;

/** Who acts in a world. */
export interface Actors {
  readonly deployer: Key;
  readonly guardian: Key;
  readonly governance: Key;
  readonly stranger: Key;
  /** Pays bonds: has tokens and has approved the registry. */
  readonly owners: readonly Key[];
  /** Keys of all routers that a set may have. */
  readonly routers: readonly Key[];
}

/** Everything that runs in a world. */
export interface Suite {
  readonly node: Node;
  readonly system: System;
  readonly actors: Actors;
  readonly keys: ReadonlyMap<bigint, Key>;
  readonly contractRouters: readonly bigint[];
  readonly probe: bigint;
  readonly computeDomain: bigint;
  readonly registryDomain: bigint;
  readonly addresses: Readonly<Record<"compute" | "registry" | "routers" | "bootstrap" | "token", bigint>>;
}

const actors: Actors = {
  deployer: keyOf("deployer"),
  guardian: keyOf("guardian"),
  governance: keyOf("governance"),
  stranger: keyOf("stranger"),
  owners: Array.from({ length: 5 }, (_, i) => keyOf(`owner ${i}`)),
  routers: Array.from({ length: 8 }, (_, i) => keyOf(`router ${i}`)),
};

/** Tokens that every owner starts with, in wei. */
export const PURSE = 10n ** 30n;

/** Deploy the suite as `parameters` say, and the model of it. */
export async function deploySuite(node: Node, parameters: WorldParameters): Promise<Suite> {
  const at = parameters.deployedAt;
  const { deployer } = actors;
  const deploy = async ({ abi, bytecode }: Artifact, ...args: Value[]) => {
    const inputs = abi.find(({ type }) => type === "constructor")?.inputs ?? [];
    const { created, status } = await node.send(deployer, at, undefined, bytecode.slice(2) + encode(inputs, args));
    if (!status || created === undefined) throw new Error("a contract of the suite was not deployed");
    return created;
  };
  const call = async (key: Key, to: bigint, data: string) => {
    const { status } = await node.send(key, at, to, data);
    if (!status) throw new Error("a step of the deployment failed");
  };
  const { emission, window } = parameters;
  const token = await deploy(ARTIFACTS.token);
  const authority = await deploy(ARTIFACTS.authority, deployer.address);
  const { initialWei, decreaseWei, startAt, intervalSeconds } = emission;
  const schedule = await deploy(SCHEDULE, initialWei, decreaseWei, startAt, intervalSeconds);
  const contractRouters: bigint[] = [];
  for (let i = 0; i < 2; i++) contractRouters.push(await deploy(ROUTER as Artifact, 0n));
  const set = drawSet(parameters, contractRouters);
  const list = set.map(({ account, isContract }) => [account, isContract ? 1n : 0n]);
  const threshold = BigInt(Math.floor(set.length / 2) + 1);
  const routers = await deploy(ARTIFACTS.routers, list, threshold, authority);
  const { activationDelay, minBondWei, changeDelay, unbondingDelay } = parameters;
  const bonds = [minBondWei, changeDelay, unbondingDelay];
  const cut = [window.startAt, window.endAt, window.seasonLength, window.entryWindow];
  const compute = await deploy(ARTIFACTS.compute, token, schedule, routers, authority, activationDelay, bonds, cut);
  const probe = await deploy({ abi: [], bytecode: `0x${probeCode()}` });
  const ask = async (name: string) => {
    return BigInt(`0x${await node.call(deployer.address, compute, callData("compute", name))}`);
  };
  const [registry, bootstrap] = [await ask("REGISTRY"), await ask("BOOTSTRAP")];
  const addresses = { compute, registry, routers, bootstrap, token };

  for (const [place, name, role] of RESTRICTED) {
    const target = addresses[place];
    const selectors = [BigInt(`0x${selectorOf(place, name).padEnd(64, "0")}`)];
    await call(deployer, authority, callData("authority", "setTargetFunctionRole", target, selectors, role));
  }
  const grant = (role: bigint, key: Key) => {
    return call(deployer, authority, callData("authority", "grantRole", role, key.address, 0n));
  };
  await grant(GUARDIAN_ROLE, actors.guardian);
  await grant(GOVERNANCE_ROLE, actors.governance);
  const system = new System({
    emission,
    window,
    activationDelay,
    delays: { change: changeDelay, unbonding: unbondingDelay },
    minBondWei,
    routers: set,
    threshold,
    guardian: actors.guardian.address,
    governance: actors.governance.address,
    deployedAt: at,
    addresses,
  });
  for (const owner of actors.owners) {
    await call(deployer, token, callData("token", "mint", owner.address, PURSE));
    system.token.mint(owner.address, PURSE);
    await call(owner, token, callData("token", "approve", registry, (1n << 256n) - 1n));
  }
  return {
    node,
    system,
    actors,
    keys: new Map(actors.routers.map((key) => [key.address, key])),
    contractRouters,
    probe,
    addresses,
    computeDomain: separatorOf(CHAIN_ID, compute),
    registryDomain: separatorOf(CHAIN_ID, registry),
  };
}

function drawSet({ keyRouters, contractRouters }: WorldParameters, contracts: readonly bigint[]): Router[] {
  const keyed = actors.routers.slice(0, keyRouters).map(({ address }) => ({ account: address, isContract: false }));
  const coded = contracts.slice(0, contractRouters).map((account) => ({ account, isContract: true }));
  return sortRouters([...keyed, ...coded]);
}

/** Routers in ascending order of accounts. */
export const sortRouters = (routers: readonly Router[]): Router[] =>
  [...routers].sort((a, b) => (a.account < b.account ? -1 : 1));
