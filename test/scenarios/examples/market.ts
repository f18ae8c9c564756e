import { network } from "hardhat";
import { id, type Signer } from "ethers";
import {
  address,
  connect,
  homeRouterOf,
  intake,
  localSigner,
  modelId,
  type Address,
  type Deployment,
} from "@yellowstone-compute/sdk";

const MOR = 10n ** 18n;
export const MODEL = modelId(id("model of the examples"));
/** Of one token: 0.1 MOR, so that a claim is worth its gas. */
export const PRICE_WEI = MOR / 10n;
const ACTIVATION_SECONDS = 2;
/** The first block of twelve seconds ends as long after the deployment began: everything has started by then. */
const SECONDS_TO_BOUNDARY = 14;
const PARTIES = ["router", "coSigner", "provider", "relayer", "watcher", "user"] as const;

/** A party's key. */
export interface Key {
  readonly address: Address;
  readonly secret: string;
}

/** Keys of the parties. The router's address is the greater one: the set's second, whose turn it is to propose first. */
export function keysOf(): Record<(typeof PARTIES)[number], Key> {
  const secretOf = (name: string) => id(`examples: ${name}`);
  const keyOf = (secret: string): Key => ({ secret, address: localSigner(secret).address });
  const keys = Object.fromEntries(PARTIES.map((name) => [name, keyOf(secretOf(name))])) as ReturnType<typeof keysOf>;
  const { router, coSigner } = keys;
  return isBelow(coSigner, router) ? keys : { ...keys, router: coSigner, coSigner: router };
}

function isBelow(a: Key, b: Key): boolean {
  return a.address.toLowerCase() < b.address.toLowerCase();
}

/** The suite on a node, with everything in place for the examples. */
export interface Market {
  readonly d: Deployment;
  /** First block at which everything is in place. */
  readonly fromBlock: number;
  readonly payout: Address;
  close(): Promise<void>;
}

/** Deploy the suite to a node whose time is the wall's: two routers who must both sign, 1,000 MOR in the pool. */
export async function deployForExamples(url: string): Promise<Market> {
  const connection = await network.create({ network: "localhost", override: { url } });
  const { ethers } = connection;
  const [deployer] = (await ethers.getSigners()) as unknown as [Signer];
  const { router, coSigner, provider, relayer, user } = keysOf();
  const startAt = startFor(user.address, [coSigner.address, router.address], router.address);
  const token = await ethers.deployContract("TestMor");
  const schedule = await ethers.deployContract("LinearDecreaseSchedule", [3456n * MOR, 0, startAt, 86_400]);
  const set = [coSigner, router].map(({ address: account }) => ({ account, isContract: false }));
  const authority = await ethers.deployContract("AccessManager", [deployer]);
  const routers = await ethers.deployContract("RouterSet", [set, 2, authority]);
  const rules = { minBondWei: MOR, changeDelay: 3_600, unbondingDelay: 7_200 };
  const noWindow = { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const contracts = [token, schedule, routers, authority] as const;
  const compute = await ethers.deployContract("ComputeContract", [...contracts, ACTIVATION_SECONDS, rules, noWindow]);
  const lens = await ethers.deployContract("ComputeLens");
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const d = await connect({ runner: deployer, addresses });
  await (await token.mint(compute, 1_000n * MOR)).wait();
  await (await token.mint(user.address, 500n * MOR)).wait();
  await (await token.mint(provider.address, 2n * MOR)).wait();
  for (const { address: to } of [provider, relayer]) await (await deployer.sendTransaction({ to, value: MOR })).wait();
  await intake.sendAndWait(d, {});
  const fromBlock = await ethers.provider.getBlockNumber();
  await ethers.provider.send("evm_setIntervalMining", [1]);
  const payout = address(`0x${"5a".repeat(20)}`);
  return { d, fromBlock, payout, close: () => connection.close() };
}

/** A start of the emission from which a block turns soon, on a day on which the user's home is the router. */
function startFor(user: Address, set: readonly Address[], home: Address): number {
  const boundary = Math.floor(Date.now() / 1_000) + SECONDS_TO_BOUNDARY;
  for (let day = 9; ; day++) {
    const isHome = homeRouterOf(user, BigInt(day), set).toLowerCase() === home.toLowerCase();
    if (isHome) return boundary - 86_400 * day - 43_200;
  }
}
