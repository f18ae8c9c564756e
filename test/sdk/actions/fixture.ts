import { network } from "hardhat";
import { concat, encodeBytes32String, toBeHex } from "ethers";
import {
  address,
  approveBond,
  intake,
  registerProvider,
  wei,
  type Domain,
  type Kind,
  type MessageOf,
  buildUpdate,
  bytesToHex,
  connect,
  GOVERNANCE_ROLE,
  GUARDIAN_ROLE,
  RESTRICTED_FUNCTIONS,
  hash32,
  keccak256Hex,
  hexToBytes,
  LedgerTree,
  localSigner,
  signMessage,
  readState,
  unixSeconds,
  uMor,
  type Address,
  type Attestation,
  type AttestationPost,
  type Deltas,
  type Deployment,
  type Hex,
  type LocalSigner,
} from "@yellowstone-compute/sdk";

export const { ethers, networkHelpers } = await network.create("l1");
export const ACTIVATION_DELAY = 600;
export const CHANGE_DELAY = 3_600;
export const UNBONDING_DELAY = 7_200;
export const GOVERNANCE_DELAY = 1_800;
export const BOND_WEI = 10n ** 18n;
const MOR = 10n ** 18n;
export const metadata = { uri: "ipfs://x", contentHash: hash32(`0x${"11".repeat(32)}`) };
export const payoutOf = (i: number) => address(`0x${(0x1000 + i).toString(16).padStart(40, "0")}`);

export const ROUTERS: readonly LocalSigner[] = [1, 2, 3]
  .map((key) => localSigner(toBeHex(key, 32)))
  .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
export const PACKED_SET = concat(["0x000000010203", ...ROUTERS.flatMap((router) => ["0x00", router.address])]) as Hex;

/** What a test deploys otherwise. */
export interface SuiteOptions {
  /** The bootstrap window begins this many seconds after the deployment; without it there is none. */
  readonly window?: { inSeconds: number; length: number; seasonLength: number; entryWindow: number };
  /** MOR that have arrived, and the emission of a day; 1,000 and 3,456 without it. */
  readonly arrivedMor?: bigint;
  readonly dailyMor?: bigint;
  /** Owner of the providers; the sender without it. */
  readonly owner?: Address;
}

/** The suite on a fresh chain, 1,000 MOR in the compute contract, not yet booked; no bootstrap window. */
export async function deploySuite() {
  return deploySuiteWith({});
}

/** The same with other figures. */
export async function deploySuiteWith({ window, arrivedMor = 1000n, dailyMor = 3456n }: SuiteOptions) {
  const [sender, guardian, governance, stranger] = await ethers.getSigners();
  const startAt = (await networkHelpers.time.latest()) - 10 * 86_400;
  const token = await ethers.deployContract("TestMor");
  const schedule = await ethers.deployContract("LinearDecreaseSchedule", [dailyMor * MOR, 0, startAt, 86_400]);
  const set = ROUTERS.map((router) => ({ account: router.address, isContract: false }));
  const authority = await ethers.deployContract("AccessManager", [sender!]);
  const routers = await ethers.deployContract("RouterSet", [set, 2, authority]);
  const compute = await ethers.deployContract("ComputeContract", [
    token,
    schedule,
    routers,
    authority,
    ACTIVATION_DELAY,
    { minBondWei: BOND_WEI, changeDelay: CHANGE_DELAY, unbondingDelay: UNBONDING_DELAY },
    await windowOf(window),
  ]);
  const lens = await ethers.deployContract("ComputeLens");
  await token.mint(compute, arrivedMor * MOR);
  await token.mint(sender!, 1000n * MOR);
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const d = await connect({ runner: sender!, addresses });
  for (const { contract, selector, roleId } of RESTRICTED_FUNCTIONS) {
    await authority.setTargetFunctionRole(d.addresses[contract], [selector], roleId);
  }
  await authority.grantRole(GUARDIAN_ROLE, guardian!, 0);
  await authority.grantRole(GOVERNANCE_ROLE, governance!, GOVERNANCE_DELAY);
  const asGuardian = await connect({ runner: guardian!, addresses });
  const asGovernance = await connect({ runner: governance!, addresses });
  const asStranger = await connect({ runner: stranger!, addresses });
  return { d, asGuardian, asGovernance, asStranger, addresses, sender: sender!, token };
}

async function windowOf(window: SuiteOptions["window"]) {
  if (window === undefined) return { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const { inSeconds, length, seasonLength, entryWindow } = window;
  const startAt = (await networkHelpers.time.latest()) + inSeconds;
  return { startAt, endAt: startAt + length, seasonLength, entryWindow };
}

/** A signed attestation of `deltas` on top of `tree`, and the tree after it. */
export async function attestationOf(
  d: Deployment,
  tree: LedgerTree,
  deltas: Deltas,
  change: Partial<Attestation> = {},
): Promise<{ post: AttestationPost; after: LedgerTree }> {
  const { head } = await readState(d);
  const update = buildUpdate(tree, deltas);
  const attestation: Attestation = {
    seq: head.lastSeq + 1n,
    previousRoot: hash32(bytesToHex(update.previousRoot)),
    newRoot: hash32(bytesToHex(update.newRoot)),
    credited: uMor(update.creditedUMor),
    debitsHash: hash32(`0x${"00".repeat(32)}`),
    firstBlock: head.nextBlock,
    lastBlock: head.nextBlock - 1n,
    reportsRoot: hash32(encodeBytes32String("reports")),
    routerSet: keccak256Hex(hexToBytes(PACKED_SET)),
    deadline: unixSeconds(head.timestamp + 3600n),
    ...change,
  };
  const quorum = await quorumOf("Attestation", attestation, d.domain);
  return { post: { attestation, deltas: update.deltas, witness: update.witness, quorum }, after: update.after };
}

/** Provider ids 0 to `count` - 1, owned by the sender, each with a payout address of its own; arrivals booked. */
export async function deployWithProviders(count = 6, options: SuiteOptions = {}) {
  const suite = await deploySuiteWith(options);
  const { d, sender } = suite;
  await approveBond.sendAndWait(d, { bondWei: wei(BigInt(count + 4) * BOND_WEI) });
  for (let i = 0; i < count; i++) {
    const owner = options.owner ?? address(sender.address);
    await registerProvider.sendAndWait(d, { owner, payout: payoutOf(i), bondWei: wei(BOND_WEI), metadata });
  }
  await intake.sendAndWait(d, {});
  return suite;
}

/** Signatures of two of the three routers over a message, as a quorum. */
export async function quorumOf<K extends Kind>(kind: K, value: MessageOf<K>, domain: Domain): Promise<Hex> {
  const signed = await Promise.all(ROUTERS.slice(0, 2).map((router) => signMessage(router, kind, value, domain)));
  return concat([PACKED_SET, "0x00000003", ...signed.flatMap(({ signature }) => ["0x0041", signature])]) as Hex;
}

/** The class of error that a promise is rejected with, or undefined when it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
