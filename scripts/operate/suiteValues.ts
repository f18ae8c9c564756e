import {
  bootstrapPoolAbi,
  computeContractAbi,
  createDomain,
  domainSeparator,
  DOMAIN_NAME,
  DOMAIN_VERSION,
  emissionScheduleAbi,
  providerRegistryAbi,
  type Address,
  type Addresses,
} from "@yellowstone-compute/sdk";
import { Contract, getCreateAddress, id, type InterfaceAbi, type Provider } from "ethers";
import type { ExpectedValue } from "./codeCheck.js";
import type { DeployParameters } from "./parameters.js";

/** What the immutables of a contract are to be. */
export type ExpectedValues = ReadonlyMap<string, ExpectedValue>;

/** Where the values come from. */
export interface ValueSources {
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly addresses: Addresses;
  /** Values of the deployment; without them each value is asked of another contract than its own where one has it. */
  readonly parameters: DeployParameters | undefined;
}

/** What the immutables of the suite's contracts are to be, by contract. */
export async function suiteValues(sources: ValueSources): Promise<Record<string, ExpectedValues>> {
  const { addresses, chainId, parameters } = sources;
  const { Schedule, Yellowstone } = parameters ?? {};
  const { compute, bootstrap, registry, schedule } = answering(sources);
  const asked = async (source: string, answer: Promise<bigint | undefined>) => ({ source, value: await answer });
  /** The file's value where there is a file, another contract's answer otherwise. */
  const filed = (name: string, value: bigint | undefined, source: string, answer: Promise<bigint | undefined>) =>
    value === undefined ? asked(source, answer) : Promise.resolve({ source: name, value });
  const window = { start: bootstrap("WINDOW_START"), end: bootstrap("WINDOW_END"), season: bootstrap("SEASON_LENGTH") };
  const [startAt, endAt, season] = await Promise.all([window.start, window.end, window.season]);
  const initial = Schedule?.initialWei ?? (await schedule("INITIAL_WEI"));
  const decrease = Schedule?.decreaseWei ?? (await schedule("DECREASE_WEI"));
  const of = async (values: Record<string, Promise<ExpectedValue> | ExpectedValue>): Promise<ExpectedValues> =>
    new Map(await Promise.all(Object.entries(values).map(async ([name, value]) => [name, await value] as const)));
  const at = (name: keyof Addresses) => ({ source: name, value: BigInt(addresses[name]) });
  const y = "Yellowstone";
  return {
    compute: await of({
      ...domainValues(chainId, addresses.compute),
      ROUTERS: asked("registry.ROUTERS", answering(sources).registry("ROUTERS")),
      REGISTRY: created(addresses.compute, 1),
      BOOTSTRAP: created(addresses.compute, 2),
      TOKEN: filed(`${y}.token`, word(Yellowstone?.token), "registry.TOKEN", registry("TOKEN")),
      SCHEDULE: at("schedule"),
      EMISSION_START: filed("Schedule.startAt", Schedule?.startAt, "schedule.startAt", schedule("startAt")),
      ACTIVATION_DELAY: filed(
        `${y}.activationDelaySeconds`,
        Yellowstone?.activationDelaySeconds,
        "registry.SLASH_DELAY",
        registry("SLASH_DELAY"),
      ),
      _WINDOW_START: filed(
        `${y}.bootstrapStartAt`,
        Yellowstone?.bootstrapStartAt,
        "bootstrap.WINDOW_START",
        window.start,
      ),
      _WINDOW_END: filed(`${y}.bootstrapEndAt`, Yellowstone?.bootstrapEndAt, "bootstrap.WINDOW_END", window.end),
      _SEASON_LENGTH: filed(`${y}.seasonSeconds`, Yellowstone?.seasonSeconds, "bootstrap.SEASON_LENGTH", window.season),
      _WINDOW_BASE_WEI: asked("schedule.cumulativeWei", schedule("cumulativeWei", startAt ?? 0n)),
    }),
    registry: await of({
      ...domainValues(chainId, addresses.registry),
      TOKEN: asked("compute.TOKEN", compute("TOKEN")),
      COMPUTE: at("compute"),
      ROUTERS: asked("compute.ROUTERS", compute("ROUTERS")),
      _SCHEDULE: asked("compute.SCHEDULE", compute("SCHEDULE")),
      _AUTHORITY: at("authority"),
      CHANGE_DELAY: filed(
        `${y}.changeDelaySeconds`,
        Yellowstone?.changeDelaySeconds,
        "itself",
        registry("CHANGE_DELAY"),
      ),
      UNBONDING_DELAY: filed(
        `${y}.unbondingDelaySeconds`,
        Yellowstone?.unbondingDelaySeconds,
        "itself",
        registry("UNBONDING_DELAY"),
      ),
      SLASH_DELAY: asked("compute.ACTIVATION_DELAY", compute("ACTIVATION_DELAY")),
    }),
    bootstrap: await of({
      COMPUTE: at("compute"),
      WINDOW_START: filed(`${y}.bootstrapStartAt`, Yellowstone?.bootstrapStartAt, "itself", window.start),
      WINDOW_END: filed(`${y}.bootstrapEndAt`, Yellowstone?.bootstrapEndAt, "itself", window.end),
      SEASON_LENGTH: filed(`${y}.seasonSeconds`, Yellowstone?.seasonSeconds, "itself", window.season),
      ENTRY_WINDOW: filed(
        `${y}.entryWindowSeconds`,
        Yellowstone?.entryWindowSeconds,
        "itself",
        bootstrap("ENTRY_WINDOW"),
      ),
      SEASON_COUNT: { source: "its window", value: seasonsOf(startAt, endAt, season) },
    }),
    schedule: await of({
      INITIAL_WEI: filed("Schedule.initialWei", Schedule?.initialWei, "itself", schedule("INITIAL_WEI")),
      DECREASE_WEI: filed("Schedule.decreaseWei", Schedule?.decreaseWei, "itself", schedule("DECREASE_WEI")),
      INTERVAL_SECONDS: filed(
        "Schedule.intervalSeconds",
        Schedule?.intervalSeconds,
        "itself",
        schedule("INTERVAL_SECONDS"),
      ),
      EMITTING_INTERVALS: { source: "initial and decrease", value: intervalsOf(initial, decrease) },
      _START_AT: filed("Schedule.startAt", Schedule?.startAt, "compute.EMISSION_START", compute("EMISSION_START")),
    }),
  };
}

type Ask = (method: string, ...args: readonly unknown[]) => Promise<bigint | undefined>;

/** Asks the contracts of a suite for numbers and addresses; one that does not answer gives undefined. */
function answering({
  addresses,
  provider,
}: ValueSources): Record<"compute" | "bootstrap" | "registry" | "schedule", Ask> {
  const from = (at: Address, abi: InterfaceAbi): Ask => {
    const contract = new Contract(at, abi, provider);
    return (method, ...args) =>
      contract
        .getFunction(method)
        .staticCall(...args)
        .then(
          (answer: bigint | string) => BigInt(answer),
          () => undefined,
        );
  };
  return {
    compute: from(addresses.compute, computeContractAbi),
    bootstrap: from(addresses.bootstrap, bootstrapPoolAbi),
    registry: from(addresses.registry, providerRegistryAbi),
    schedule: from(addresses.schedule, emissionScheduleAbi),
  };
}

/** What OpenZeppelin's EIP712 keeps of the domain. */
function domainValues(chainId: bigint, verifyingContract: Address): Record<string, ExpectedValue> {
  const source = "the EIP-712 domain";
  const separator = Buffer.from(domainSeparator(createDomain(chainId, verifyingContract))).toString("hex");
  return {
    _cachedDomainSeparator: { source, value: BigInt(`0x${separator}`) },
    _cachedChainId: { source, value: chainId },
    _cachedThis: { source, value: BigInt(verifyingContract) },
    _hashedName: { source, value: BigInt(id(DOMAIN_NAME)) },
    _hashedVersion: { source, value: BigInt(id(DOMAIN_VERSION)) },
    _name: { source, value: shortString(DOMAIN_NAME) },
    _version: { source, value: shortString(DOMAIN_VERSION) },
  };
}

/** Address of a contract's `nonce`-th creation: the compute contract makes its registry, then its bootstrap pool. */
function created(from: Address, nonce: number): ExpectedValue {
  return { source: `creation ${nonce} of the compute contract`, value: BigInt(getCreateAddress({ from, nonce })) };
}

/** A text of at most 31 bytes: left aligned, its length in the last byte. */
function shortString(text: string): bigint {
  const bytes = Buffer.alloc(32);
  bytes.write(text);
  bytes[31] = Buffer.byteLength(text);
  return BigInt(`0x${bytes.toString("hex")}`);
}

const MAX_UINT256 = 2n ** 256n - 1n;

function intervalsOf(initial: bigint | undefined, decrease: bigint | undefined): bigint | undefined {
  if (initial === undefined || decrease === undefined) return undefined;
  return decrease === 0n ? MAX_UINT256 : (initial + decrease - 1n) / decrease;
}

function seasonsOf(startAt?: bigint, endAt?: bigint, season?: bigint): bigint | undefined {
  if (startAt === undefined || endAt === undefined || season === undefined) return undefined;
  return endAt === startAt ? 0n : (endAt - startAt + season - 1n) / season;
}

function word(address: Address | undefined): bigint | undefined {
  return address === undefined ? undefined : BigInt(address);
}
