import { network } from "hardhat";
import {
  AttestationBlockIncomplete,
  AttestationEmpty,
  DAY_SECONDS,
  LaneOverflow,
  LedgerTree,
  ReserveAllowanceExceeded,
  ZERO_HASH,
  address,
  approveBond,
  buildUpdate,
  bytesToHex,
  connect,
  hash32,
  intake,
  keccak256Text,
  localSigner,
  packQuorum,
  postAttestation,
  readState,
  registerProvider,
  routerSetDigest,
  signMessage,
  uMor,
  unixSeconds,
  wei,
  type Attestation,
  type AttestationPost,
  type Deployment,
} from "@yellowstone-compute/sdk";
import { STATE_FIELDS, type GuardScenario, type GuardState } from "../vectorsFile.js";
import type { GuardSide } from "./guard.js";
import { nameOf } from "./tally.js";

/** One router; a key that anyone can know, for a chain that lives as long as a scenario. */
const ROUTER = localSigner(keccak256Text("yellowstone vectors router"));
const SET = { threshold: 1, routers: [{ account: ROUTER.address, isContract: false }] };
/** The only provider's bond. The registry holds it: it is no arrival. */
const BOND_WEI = wei(1);
const HOUR = 3_600n;
/** What an amount or a moment can be refused for; anything else is a fault of the run. */
const REFUSALS = [ReserveAllowanceExceeded, AttestationEmpty, AttestationBlockIncomplete, LaneOverflow];

type Connection = Awaited<ReturnType<typeof connectAt>>;

/** The compute contract on a chain of its own, every transaction at the scenario's moment, through the SDK. */
export class DeployedGuard implements GuardSide {
  readonly side = "contract";
  #tree = LedgerTree.empty();

  private constructor(
    private readonly chain: Connection,
    private readonly d: Deployment,
    private readonly mint: (to: string, amountWei: bigint) => Promise<unknown>,
    private now: bigint,
  ) {}

  static async open(this: void, scenario: GuardScenario): Promise<GuardSide> {
    const { initialWei, decreaseWei, startAt, deployedAt } = scenario;
    const chain = await connectAt(deployedAt);
    const { ethers } = chain;
    const deploy = async (name: string, args: unknown[] = []) => {
      await atMoment(chain, deployedAt);
      return ethers.deployContract(name, args);
    };
    const token = await deploy("TestMor");
    const schedule = await deploy("LinearDecreaseSchedule", [initialWei, decreaseWei, startAt, DAY_SECONDS]);
    const [sender] = await ethers.getSigners();
    if (sender === undefined) throw new Error("vectors: the chain has no account");
    const authority = await deploy("AccessManager", [await sender.getAddress()]);
    const routers = await deploy("RouterSet", [SET.routers, SET.threshold, authority]);
    const bonds = { minBondWei: BOND_WEI, changeDelay: HOUR, unbondingDelay: 2n * HOUR };
    const window = { startAt: 0n, endAt: 0n, seasonLength: 0n, entryWindow: 0n };
    const compute = await deploy("ComputeContract", [token, schedule, routers, authority, HOUR, bonds, window]);
    const lens = await deploy("ComputeLens");
    const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
    const d = await connect({ runner: sender, addresses });
    const mint = async (to: string, amountWei: bigint) => token.getFunction("mint").send(to, amountWei);
    const guard = new DeployedGuard(chain, d, mint, deployedAt);
    await guard.#register(await sender.getAddress());
    return guard;
  }

  async arrive(amountWei: bigint): Promise<void> {
    await atMoment(this.chain, this.now);
    await this.mint(this.d.addresses.compute, amountWei);
  }

  /** Mines a block, so that calls see the moment before a transaction does. */
  async warp(to: bigint): Promise<void> {
    this.now = to;
    await atMoment(this.chain, to);
    await this.chain.ethers.provider.send("evm_mine", []);
  }

  async intake(): Promise<string | undefined> {
    await atMoment(this.chain, this.now);
    await intake.sendAndWait(this.d, {});
    return undefined;
  }

  async attest(creditedUMor: bigint): Promise<string | undefined> {
    await atMoment(this.chain, this.now);
    try {
      const { post, after } = await this.#signed(creditedUMor);
      await postAttestation.sendAndWait(this.d, post);
      this.#tree = after;
      return undefined;
    } catch (error) {
      if (REFUSALS.some((refusal) => error instanceof refusal)) return nameOf(error);
      throw error;
    }
  }

  async state(): Promise<GuardState> {
    const { compute } = this.d;
    const figures: [string, bigint][] = [];
    for (const field of STATE_FIELDS)
      figures.push([field, BigInt((await compute.getFunction(field).staticCall()) as bigint)]);
    return Object.fromEntries(figures) as Record<(typeof STATE_FIELDS)[number], bigint>;
  }

  async close(): Promise<void> {
    await this.chain.close();
  }

  async #register(owner: string): Promise<void> {
    const registration = {
      owner: address(owner),
      payout: ROUTER.address,
      bondWei: BOND_WEI,
      metadata: { uri: "provider:0", contentHash: keccak256Text("provider 0") },
    };
    await atMoment(this.chain, this.now);
    await this.mint(owner, BOND_WEI);
    await atMoment(this.chain, this.now);
    await approveBond.sendAndWait(this.d, { bondWei: BOND_WEI });
    await atMoment(this.chain, this.now);
    await registerProvider.sendAndWait(this.d, registration);
  }

  /** An attestation of the router that credits the provider and closes every complete block; in block 0 there is none. */
  async #signed(creditedUMor: bigint): Promise<{ post: AttestationPost; after: LedgerTree }> {
    const { head } = await readState(this.d);
    const { previousRoot, newRoot, deltas, witness, after } = buildUpdate(this.#tree, new Map([[0, creditedUMor]]));
    const attestation: Attestation = {
      seq: head.lastSeq + 1n,
      previousRoot: hash32(bytesToHex(previousRoot)),
      newRoot: hash32(bytesToHex(newRoot)),
      credited: uMor(creditedUMor),
      debitsHash: ZERO_HASH,
      firstBlock: head.nextBlock,
      lastBlock: head.openBlock === 0n ? 0n : head.openBlock - 1n,
      reportsRoot: ZERO_HASH,
      routerSet: routerSetDigest(SET),
      deadline: unixSeconds(this.now + HOUR),
    };
    const { signer, signature } = await signMessage(ROUTER, "Attestation", attestation, this.d.domain);
    return { post: { attestation, deltas, witness, quorum: packQuorum(SET, new Map([[signer, signature]])) }, after };
  }
}

function connectAt(genesisAt: bigint) {
  return network.create({ network: "l1", override: { initialDate: new Date(Number(genesisAt) * 1_000) } });
}

/** Let the next block carry this moment: several may. */
async function atMoment({ ethers }: Connection, at: bigint): Promise<void> {
  await ethers.provider.send("evm_setNextBlockTimestamp", [Number(at)]);
}
