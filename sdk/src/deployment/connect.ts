import type { ContractRunner, Provider } from "ethers";
import { bootstrapWindow, type BootstrapWindow } from "../bootstrap/clock.js";
import { hexToBytes } from "../crypto/hex.js";
import { keccak256Hex } from "../crypto/keccak.js";
import { decodeError } from "../errors/decode.js";
import { CodeMismatch, NoCode, ProviderMissing, VersionMismatch, WiringMismatch } from "../errors/deployment.js";
import type { ComputeContract } from "../generated/contracts/ComputeContract.js";
import { createDomain, DOMAIN_NAME, DOMAIN_VERSION } from "../messages/domain.js";
import type { Address, Hash32 } from "../units/brands.js";
import { address } from "../units/identities.js";
import { unixSeconds } from "../units/integers.js";
import { addressesOf, type Addresses, type KnownAddresses } from "./addresses.js";
import { requireContractVersion } from "./compatibility.js";
import { bindCompute, bindContracts, type Contracts, type Deployment } from "./deployment.js";

/** What `connect` takes. */
export interface ConnectOptions {
  /** A signer with a provider, or a provider alone for reading. */
  readonly runner: ContractRunner;
  /** Without them, the published deployment of the runner's chain. */
  readonly addresses?: KnownAddresses;
}

/**
 * Connect to a deployment and check it: chain, code, version and domain, and that the contracts name each other.
 *
 * @example
 * const d = await connect({ runner: wallet, addresses: { compute, lens } });
 * @throws ProviderMissing, UnknownChain, NoCode, CodeMismatch, VersionMismatch, ContractOutdated, SdkOutdated, WiringMismatch;
 * ChainRequestFailed when the node does not answer.
 */
export async function connect({ runner, addresses }: ConnectOptions): Promise<Deployment> {
  const provider = runner.provider ?? undefined;
  if (provider === undefined) throw new ProviderMissing();
  try {
    return await check(runner, provider, addresses);
  } catch (cause) {
    throw decodeError(cause);
  }
}

async function check(runner: ContractRunner, provider: Provider, given?: KnownAddresses): Promise<Deployment> {
  const { chainId } = await provider.getNetwork();
  const known = given ?? addressesOf(chainId);
  const codeHash = await requireCode(provider, chainId, "compute", known.compute);
  if (known.codeHash !== undefined && known.codeHash !== codeHash) {
    throw new CodeMismatch(known.compute, known.codeHash, codeHash);
  }
  await requireCode(provider, chainId, "lens", known.lens);
  const compute = bindCompute(known.compute, runner);
  await requireVersion(compute, known.compute, chainId);
  const addresses = await readAddresses(compute, known);
  const contracts = bindContracts(addresses, runner);
  const [emissionStart, activationDelaySeconds, window] = await Promise.all([
    compute.EMISSION_START(),
    compute.ACTIVATION_DELAY(),
    readWindow(contracts),
    requireWiring(contracts, addresses),
  ]);
  return Object.freeze({
    ...contracts,
    chainId,
    addresses,
    domain: createDomain(chainId, addresses.compute),
    registryDomain: createDomain(chainId, addresses.registry),
    codeHash,
    deployedInBlock: known.deployedInBlock ?? 0,
    emissionStart: unixSeconds(emissionStart),
    activationDelaySeconds,
    bootstrapWindow: window,
    runner,
    provider,
  });
}

async function requireCode(provider: Provider, chainId: bigint, name: string, at: Address): Promise<Hash32> {
  const code = await provider.getCode(at);
  if (code === "0x") throw new NoCode(name, at, chainId);
  return keccak256Hex(hexToBytes(code));
}

async function requireVersion(compute: ComputeContract, at: Address, chainId: bigint): Promise<void> {
  const expected = `${DOMAIN_NAME} ${DOMAIN_VERSION} on chain ${chainId} at ${at}`;
  const [version, domain] = await Promise.all([compute.version(), compute.eip712Domain()]).catch((cause: unknown) => {
    const failure = decodeError(cause);
    // A contract that does not answer these is another contract; a node that does not answer says nothing about it.
    throw failure.code === "ChainRequestFailed" && failure.retry === "now"
      ? failure
      : new VersionMismatch(at, expected, "no compute contract", cause);
  });
  if (domain.name === DOMAIN_NAME) requireContractVersion(at, domain.version);
  const actual = `${domain.name} ${domain.version} on chain ${domain.chainId} at ${domain.verifyingContract}`;
  if (actual !== expected) throw new VersionMismatch(at, expected, actual);
  requireContractVersion(at, version);
}

async function readAddresses(compute: ComputeContract, known: KnownAddresses): Promise<Addresses> {
  const [bootstrap, registry, routers, token, schedule, authority] = await Promise.all([
    compute.BOOTSTRAP(),
    compute.REGISTRY(),
    compute.ROUTERS(),
    compute.TOKEN(),
    compute.SCHEDULE(),
    compute.authority(),
  ]);
  const read = { bootstrap, registry, routers, token, schedule, authority };
  for (const name of ["bootstrap", "registry", "routers", "token", "schedule", "authority"] as const) {
    requireSame(`compute.${name}`, known[name], read[name]);
  }
  return Object.freeze({
    compute: address(known.compute),
    bootstrap: address(bootstrap),
    registry: address(registry),
    routers: address(routers),
    lens: address(known.lens),
    token: address(token),
    schedule: address(schedule),
    authority: address(authority),
  });
}

/** Pool and registry are the compute contract's own, with the same token and routers; one authority stands over all. */
async function requireWiring({ bootstrap, registry, routers }: Contracts, addresses: Addresses): Promise<void> {
  const [poolOf, compute, token, quorum, overRegistry, overRouters] = await Promise.all([
    bootstrap.COMPUTE(),
    registry.COMPUTE(),
    registry.TOKEN(),
    registry.ROUTERS(),
    registry.authority(),
    routers.authority(),
    routers.digest(),
  ]);
  requireSame("bootstrap.COMPUTE", addresses.compute, poolOf);
  requireSame("registry.COMPUTE", addresses.compute, compute);
  requireSame("registry.TOKEN", addresses.token, token);
  requireSame("registry.ROUTERS", addresses.routers, quorum);
  requireSame("registry.authority", addresses.authority, overRegistry);
  requireSame("routers.authority", addresses.authority, overRouters);
}

async function readWindow({ bootstrap }: Contracts): Promise<BootstrapWindow | undefined> {
  const [startAt, endAt, seasonSeconds, entrySeconds] = await Promise.all([
    bootstrap.WINDOW_START(),
    bootstrap.WINDOW_END(),
    bootstrap.SEASON_LENGTH(),
    bootstrap.ENTRY_WINDOW(),
  ]);
  return endAt === 0n ? undefined : bootstrapWindow({ startAt, endAt, seasonSeconds, entrySeconds });
}

function requireSame(link: string, expected: string | undefined, actual: string): void {
  if (expected === undefined || address(expected) === address(actual)) return;
  throw new WiringMismatch(link, address(expected), address(actual));
}
