import {
  ALL_RANKS,
  LedgerTree,
  ZERO_HASH,
  buildClaim,
  buildUpdate,
  bytesToHex,
  createDomain,
  hash32,
  hexToBytes,
  localSigner,
  packList,
  packQuorum,
  routerSetDigest,
  signMessage,
  uMor,
  unixSeconds,
  type Attestation,
  type Deltas,
  type Domain,
  type EntryCall,
  type LocalSigner,
  type RouterSet,
  type SeasonEntry,
  type Widths,
} from "@yellowstone-compute/sdk";
import { network } from "hardhat";

export const ROUTERS = 3;
const MINUTE = 60;
const BILLION_MOR = 10n ** 27n;
// Not 1: the slot of the count is found by its value.
const BOND_WEI = 1_000n;
/** The bootstrap window of a bench: it opens a day after the deployment and has one season of a day. */
const SEASON_SECONDS = 86_400n;

/** What a transaction of the suite cost, and what it was. */
export interface Posted {
  readonly gas: number;
  /** Length of `data`. */
  readonly bytes: number;
  readonly data: string;
  readonly hash: string;
}

/** A deployment on a fresh in-process chain whose gas is measured: three routers, all of which sign. */
export class BenchSuite {
  tree = LedgerTree.empty();

  private constructor(
    readonly chain: Awaited<ReturnType<typeof connection>>,
    private readonly contracts: Awaited<ReturnType<typeof deploy>>,
    private readonly signers: readonly LocalSigner[],
    private readonly set: RouterSet,
    private readonly domain: Domain,
  ) {}

  /** Deploy on an Ethereum chain, or on an OP-stack chain with its fee contracts. */
  static async deploy(name: "l1" | "op" = "l1"): Promise<BenchSuite> {
    const chain = await connection(name);
    const signers = Array.from({ length: ROUTERS }, (_, i) => localSigner(`0x${(i + 1).toString().padStart(64, "0")}`));
    signers.sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
    const routers = signers.map((signer) => ({ account: signer.address, isContract: false }));
    const contracts = await deploy(chain, routers);
    const domain = createDomain(31337n, contracts.address);
    return new BenchSuite(chain, contracts, signers, { threshold: ROUTERS, routers }, domain);
  }

  /** Register `count` providers whose payout addresses already hold MOR, unless `holding` is false. */
  async register(count: number, { holding = true } = {}): Promise<void> {
    const { ethers } = this.chain;
    const { registry, mor, owner } = this.contracts;
    for (let i = 0; i < count; i++) {
      const payout = payoutOf(i);
      await (await registry.register(owner, payout, BOND_WEI, { uri: "", contentHash: ethers.ZeroHash })).wait();
      if (holding) await (await mor.mint(payout, 1n)).wait();
    }
  }

  /** Wei of MOR at the payout address of a provider. */
  async heldWei(id: number): Promise<bigint> {
    return this.contracts.mor.balanceOf(payoutOf(id));
  }

  /** Let the registry count `count` providers: an attestation reads no more of them than their number. */
  async pretendRegistered(count: number): Promise<void> {
    const { registry } = this.contracts;
    const slot = await this.#slotOfCount();
    await this.chain.networkHelpers.setStorageAt(await registry.getAddress(), slot, BigInt(count));
  }

  /** Let so much MOR arrive, not booked. */
  async arrive(amountWei: bigint): Promise<void> {
    const { mor, compute } = this.contracts;
    await (await mor.mint(compute, amountWei)).wait();
  }

  /** Post an attestation of all routers; gives gas and calldata. `after` becomes the bench's tree. */
  async attest(deltas: Deltas, widths: Widths = "bit"): Promise<Posted> {
    const { ethers } = this.chain;
    const { compute, owner } = this.contracts;
    const update = buildUpdate(this.tree, deltas, { widths });
    const nextBlock = await compute.nextBlock();
    const attestation: Attestation = {
      seq: (await compute.lastSeq()) + 1n,
      previousRoot: hash32(bytesToHex(update.previousRoot)),
      newRoot: hash32(bytesToHex(update.newRoot)),
      credited: uMor(update.creditedUMor),
      debitsHash: ZERO_HASH,
      firstBlock: nextBlock,
      lastBlock: nextBlock - 1n,
      reportsRoot: hash32(ethers.id("reports")),
      routerSet: routerSetDigest(this.set),
      deadline: unixSeconds(2n ** 40n),
    };
    const signed = await Promise.all(
      this.signers.map((signer) => signMessage(signer, "Attestation", attestation, this.domain)),
    );
    const quorum = packQuorum(this.set, new Map(signed.map(({ signer, signature }) => [signer, signature])));
    const data = compute.interface.encodeFunctionData("attest", [
      attestation,
      update.deltas,
      update.witness,
      "0x",
      quorum,
    ]);
    const sent = await owner.sendTransaction({ to: await compute.getAddress(), data, gasLimit: 16_777_216n });
    const receipt = await sent.wait();
    this.tree = update.after;
    return { gas: Number(receipt?.gasUsed), bytes: hexToBytes(data).length, data, hash: sent.hash };
  }

  /** Claim for `ids` from the head once it is active; gives gas. */
  async claim(ids: Iterable<number>): Promise<number> {
    return (await this.claimCost(ids)).gas;
  }

  /** Claim for `ids` from the head once it is active; gives gas and calldata. */
  async claimCost(ids: Iterable<number>): Promise<Posted> {
    const { compute } = this.contracts;
    const sent = await compute.claim(await compute.headSeq(), buildClaim(this.tree, ids), { gasLimit: 16_777_216n });
    const { data, hash } = sent;
    return { gas: Number((await sent.wait())?.gasUsed), bytes: hexToBytes(data).length, data, hash };
  }

  /** Keep the chain as it is; the answer brings it back. */
  async snapshot(): Promise<() => Promise<void>> {
    const taken = await this.chain.networkHelpers.takeSnapshot();
    const { tree } = this;
    return async () => {
      await taken.restore();
      this.tree = tree;
    };
  }

  /** Move to the bootstrap window's start, or so many seasons behind it. */
  async toSeason(seasons: bigint): Promise<void> {
    const { pool } = this.contracts;
    await this.chain.networkHelpers.time.increaseTo((await pool.WINDOW_START()) + seasons * SEASON_SECONDS);
  }

  /** Enter providers of season 0 by `list` and proofs; gives gas. */
  async enter({ list, ranges }: EntryCall): Promise<number> {
    const { pool } = this.contracts;
    const sent = await pool.enter(0n, packList(list), ranges.before, ranges.after, { gasLimit: 16_777_216n });
    return Number((await sent.wait())?.gasUsed);
  }

  /** Close season 0 and award all of its ranks; gives the gas of each. */
  async share(list: readonly SeasonEntry[]): Promise<{ close: number; award: number }> {
    const { pool } = this.contracts;
    const closed = await (await pool.close(0n, packList(list))).wait();
    const sent = await pool.award(0n, packList(list), ALL_RANKS, { gasLimit: 16_777_216n });
    return { close: Number(closed?.gasUsed), award: Number((await sent.wait())?.gasUsed) };
  }

  /** Let the last attestation become active, or so many seconds pass. */
  async activate(seconds = MINUTE + 1): Promise<void> {
    await this.chain.networkHelpers.time.increase(seconds);
  }

  /** Address that answers to attestations and claims. */
  get address(): string {
    return this.contracts.address;
  }

  /** The registry's count is the slot that holds its value. */
  async #slotOfCount(): Promise<bigint> {
    const { ethers } = this.chain;
    const { registry } = this.contracts;
    const count = await registry.providerCount();
    if (count === 0n) await this.register(1);
    const wanted = await registry.providerCount();
    for (let slot = 0n; slot < 8n; slot++) {
      if (BigInt(await ethers.provider.getStorage(registry, slot)) === wanted) return slot;
    }
    throw new Error("bench: no slot of the registry holds its count");
  }
}

function payoutOf(id: number): string {
  return `0x${(0x1000000 + id).toString(16).padStart(40, "0")}`;
}

function connection(name: "l1" | "op") {
  return network.create(name);
}

async function deploy(
  chain: Awaited<ReturnType<typeof connection>>,
  routers: { account: string; isContract: boolean }[],
) {
  const { ethers, networkHelpers } = chain;
  const [owner] = await ethers.getSigners();
  if (owner === undefined) throw new Error("bench: the chain has no account");
  const mor = await ethers.deployContract("TestMor");
  const startAt = BigInt(await networkHelpers.time.latest()) - 864_000n;
  // An emission so large that the guard never binds: the bench measures gas.
  const schedule = await ethers.deployContract("LinearDecreaseSchedule", [BILLION_MOR / 10n, 0n, startAt, 86_400n]);
  const authority = await ethers.deployContract("AccessManager", [owner]);
  const set = await ethers.deployContract("RouterSet", [routers, routers.length, authority]);
  const bonds = { minBondWei: BOND_WEI, changeDelay: 3_600n, unbondingDelay: 2n * BigInt(MINUTE) };
  const windowStart = BigInt(await networkHelpers.time.latest()) + SEASON_SECONDS;
  const window = {
    startAt: windowStart,
    endAt: windowStart + SEASON_SECONDS,
    seasonLength: SEASON_SECONDS,
    entryWindow: SEASON_SECONDS,
  };
  const parameters = [mor, schedule, set, authority, BigInt(MINUTE), bonds, window];
  const compute = await ethers.deployContract("ComputeContract", parameters);
  const registry = await ethers.getContractAt("ProviderRegistry", await compute.REGISTRY());
  const pool = await ethers.getContractAt("BootstrapPool", await compute.BOOTSTRAP());
  await (await mor.mint(owner, BILLION_MOR)).wait();
  await (await mor.approve(registry, BILLION_MOR)).wait();
  await (await mor.mint(compute, BILLION_MOR)).wait();
  await (await compute.intake()).wait();
  return { owner, mor, compute, registry, pool, address: await compute.getAddress() };
}
