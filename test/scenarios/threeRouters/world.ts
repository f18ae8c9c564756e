import { network } from "hardhat";
import { id, type Signer } from "ethers";
import {
  address,
  approveBond,
  BidUnit,
  connect,
  hash32,
  homeRouterOf,
  intake,
  localSigner,
  modelId,
  providerId,
  registerProvider,
  signMessage,
  unixMillis,
  unixSeconds,
  wei,
  type Addresses,
  type Bid,
  type Deployment,
  type LocalSigner,
  type Rfc,
  type Signed,
} from "@yellowstone-compute/sdk";

export const MOR = 10n ** 18n;
export const MODEL = modelId(id("model"));
/** A hundredth of a uMOR a token, so that fractions add up over reports. */
export const PRICE = 10n ** 10n;
const metadata = { uri: "ipfs://x", contentHash: hash32(`0x${"11".repeat(32)}`) };

/** Private key of a party of the test. */
export const secretOf = (name: string): string => id(`three routers: ${name}`);
export const keyOf = (name: string): LocalSigner => localSigner(secretOf(name));

/** Names of the routers, in ascending order of their addresses. */
export const ROUTERS: readonly string[] = ["router a", "router b", "router c"].sort((a, b) =>
  keyOf(a).address.toLowerCase() < keyOf(b).address.toLowerCase() ? -1 : 1,
);

/** The suite on a chain of its own process. */
export interface World {
  readonly d: Deployment;
  readonly addresses: Pick<Addresses, "compute" | "lens">;
  /** First block at which everything is in place. */
  readonly fromBlock: number;
  readonly emissionStart: bigint;
  /** From now on the node's time goes on by itself. */
  mineEverySecond(): Promise<void>;
  close(): Promise<void>;
}

/** Users that hold MOR: `perRouter` for each router that is their home today. */
export function usersOf(emissionStart: bigint, perRouter: number): Map<string, string[]> {
  const day = (BigInt(Math.floor(Date.now() / 1_000)) - emissionStart) / 86_400n;
  const set = ROUTERS.map((name) => keyOf(name).address);
  const found = new Map<string, string[]>(ROUTERS.map((name) => [name, []]));
  for (let i = 0; [...found.values()].some((users) => users.length < perRouter); i++) {
    const home = homeRouterOf(keyOf(`user ${i}`).address, day, set);
    const users = found.get(ROUTERS.find((name) => keyOf(name).address.toLowerCase() === home) ?? "") ?? [];
    if (users.length < perRouter) users.push(`user ${i}`);
  }
  return found;
}

/**
 * Deploy the suite to a node whose time is the wall's, with 1,000 MOR in the pool, three providers of one owner, and 20 MOR for
 * every user. Blocks of twelve seconds turn `secondsToBoundary` after this began.
 */
export async function deployWorld(
  url: string,
  users: (start: bigint) => string[],
  secondsToBoundary: number,
): Promise<World> {
  const connection = await network.create({ network: "localhost", override: { url } });
  const { ethers } = connection;
  const signers = await ethers.getSigners();
  const [deployer] = signers as unknown as [Signer];
  const startAt = Math.floor(Date.now() / 1_000) + secondsToBoundary - 12 * 7_200 * 9 - 12 * 3_600;
  const token = await ethers.deployContract("TestMor");
  const schedule = await ethers.deployContract("LinearDecreaseSchedule", [3456n * MOR, 0, startAt, 86_400]);
  const set = ROUTERS.map((name) => ({ account: keyOf(name).address, isContract: false }));
  const authority = await ethers.deployContract("AccessManager", [deployer]);
  const routers = await ethers.deployContract("RouterSet", [set, 2, authority]);
  const rules = { minBondWei: MOR, changeDelay: 3_600, unbondingDelay: 7_200 };
  const noWindow = { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const compute = await ethers.deployContract("ComputeContract", [
    token,
    schedule,
    routers,
    authority,
    600,
    rules,
    noWindow,
  ]);
  const lens = await ethers.deployContract("ComputeLens");
  await (await token.mint(compute, 1_000n * MOR)).wait();
  await (await token.mint(deployer, 1_000n * MOR)).wait();
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const d = await connect({ runner: deployer, addresses });
  await approveBond.sendAndWait(d, { bondWei: wei(10n * MOR) });
  const owner = keyOf("owner").address;
  for (let i = 0; i < 3; i++) {
    const payout = address(`0x${(0x5000 + i).toString(16).padStart(40, "0")}`);
    await registerProvider.sendAndWait(d, { owner, payout, bondWei: wei(MOR), metadata });
  }
  await intake.sendAndWait(d, {});
  for (const user of users(BigInt(startAt))) await (await token.mint(keyOf(user).address, 20n * MOR)).wait();
  await (await deployer.sendTransaction({ to: keyOf("poster").address, value: MOR })).wait();
  const fromBlock = await ethers.provider.getBlockNumber();
  return {
    d,
    addresses,
    fromBlock,
    emissionStart: BigInt(startAt),
    mineEverySecond: async () => void (await ethers.provider.send("evm_setIntervalMining", [1])),
    close: () => connection.close(),
  };
}

/** Signs what users and providers send. */
export class Parties {
  #serial = 0n;
  readonly #d: Pick<Deployment, "domain">;

  constructor(d: Pick<Deployment, "domain">) {
    this.#d = d;
  }

  bid(provider: number, endpoint: string, change: Partial<Bid> = {}): Promise<Signed<"Bid">> {
    const at = BigInt(Math.floor(Date.now() / 1_000));
    const value: Bid = {
      providerId: providerId(provider),
      modelId: MODEL,
      unit: BidUnit.T,
      priceWei: wei(PRICE + BigInt(provider)),
      capacity: 4,
      sequence: ++this.#serial,
      validFromAt: unixSeconds(at - 60n),
      expiresAt: unixSeconds(at + 3_600n),
      endpoint,
      ...change,
    };
    return signMessage(keyOf("owner"), "Bid", value, this.#d.domain);
  }

  rfc(user: string, change: Partial<Rfc> = {}): Promise<Signed<"Rfc">> {
    const nowMs = BigInt(Date.now());
    const value: Rfc = {
      user: keyOf(user).address,
      queryKey: keyOf(`query of ${user}`).address,
      modelId: MODEL,
      tokenMax: 1_000n,
      issuedAtMs: unixMillis(nowMs - 50n),
      deadlineAt: unixSeconds(nowMs / 1_000n + 30n),
      nonce: ++this.#serial,
      ...change,
    };
    return signMessage(keyOf(user), "Rfc", value, this.#d.domain);
  }
}
