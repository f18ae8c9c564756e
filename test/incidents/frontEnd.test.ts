import { expect } from "chai";
import { Interface, hexlify } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { deployWithProviders, networkHelpers } from "../sdk/actions/fixture.js";

const running = () => deployWithProviders(1);

const [A, B, C] = ["a1", "b2", "c3"].map((byte) => sdk.address(`0x${byte.repeat(20)}`)) as [
  sdk.Address,
  sdk.Address,
  sdk.Address,
];
const H = sdk.hash32(`0x${"d4".repeat(32)}`);
const K = sdk.hash32(`0x${"e5".repeat(32)}`);
const id = sdk.providerId(7);
const metadata = { uri: "ipfs://x", contentHash: H };
const order = {
  eventId: H,
  providerId: id,
  amountWei: sdk.wei(5),
  reasonHash: K,
  routerSet: H,
  deadline: sdk.unixSeconds(9n),
};
const attestation: sdk.Attestation = {
  seq: 1n,
  previousRoot: H,
  newRoot: K,
  credited: sdk.uMor(2n),
  debitsHash: sdk.ZERO_HASH,
  firstBlock: 3n,
  lastBlock: 4n,
  reportsRoot: H,
  routerSet: K,
  deadline: sdk.unixSeconds(5n),
};
const list = [{ id: 4, weightUMor: 9n }] as unknown as sdk.SeasonList["list"];
const packed = hexlify(sdk.packList(list));
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const scheduled: sdk.UnsignedCall = { to: A, data: "0x1234", value: 0n };

type AnyWrite = sdk.Write<never, unknown, unknown>;
/** What is asked of a verb, and the call that it must become: contract, function and arguments in order. */
type Case = readonly [write: unknown, args: unknown, contract: string, method: string, params: readonly unknown[]];

const CASES: readonly Case[] = [
  [sdk.acceptOwner, { id }, "registry", "acceptOwner", [7n]],
  [sdk.addBond, { id, amountWei: sdk.wei(3) }, "registry", "addBond", [7n, 3n]],
  [sdk.announceExit, { id }, "registry", "announceExit", [7n]],
  [sdk.applyPayout, { id }, "registry", "applyPayout", [7n]],
  [sdk.approveBond, { bondWei: sdk.wei(8) }, "token", "approve", ["registry", 8n]],
  [sdk.awardSeason, { season: 2n, list, ranks: [0] }, "bootstrap", "award", [2n, packed, 1n]],
  [
    sdk.bookDebits,
    { seq: 6n, debits: [{ providerId: id, amountUMor: 3n, reasonHash: H }] },
    "compute",
    "debit",
    [6n, `0x000000070000000000000003${H.slice(2)}`],
  ],
  [sdk.cancelCall, { call: scheduled, caller: B }, "authority", "cancel", [B, A, "0x1234"]],
  [sdk.claim, { seq: 6n, ranges: "0xabcd" }, "compute", "claim", [6n, "0xabcd"]],
  [sdk.closeSeason, { season: 2n, list }, "bootstrap", "close", [2n, packed]],
  [
    sdk.enterSeason,
    { season: 2n, list, ranges: { before: bytes("01"), after: bytes("02") } },
    "bootstrap",
    "enter",
    [2n, packed, "0x01", "0x02"],
  ],
  [sdk.executeSlash, { eventId: H }, "registry", "executeSlash", [H]],
  [sdk.grantRole, { roleId: 1n, account: A, delaySeconds: 60n }, "authority", "grantRole", [1n, A, 60n]],
  [sdk.intake, {}, "compute", "intake", []],
  [sdk.pauseAttestations, { durationSeconds: 60n }, "compute", "pauseAttestations", [60n]],
  [
    sdk.postAttestation,
    { attestation, deltas: bytes("01"), witness: bytes("02"), quorum: bytes("03") },
    "compute",
    "attest",
    [Object.values(attestation), "0x01", "0x02", "0x", "0x03"],
  ],
  [sdk.postSlash, { order, quorum: "0x0102" }, "registry", "postSlash", [Object.values(order), "0x0102"]],
  [sdk.proposeOwner, { id, newOwner: A }, "registry", "proposeOwner", [7n, A]],
  [sdk.proposePayout, { id, newPayout: B }, "registry", "proposePayout", [7n, B]],
  [sdk.rearmPause, {}, "compute", "rearmPause", []],
  [
    sdk.recordPossession,
    { id, modelId: sdk.modelId(H), signature: "0x0102" },
    "registry",
    "recordPossession",
    [7n, H, "0x0102"],
  ],
  [
    sdk.registerProvider,
    { owner: A, payout: B, bondWei: sdk.wei(4), metadata },
    "registry",
    "register",
    [A, B, 4n, ["ipfs://x", H]],
  ],
  [sdk.removeRouter, { account: C }, "routers", "removeRouter", [C]],
  [sdk.rescueRegistryToken, { token: A, to: B, amount: 5n }, "registry", "rescue", [A, B, 5n]],
  [sdk.rescueToken, { token: A, to: B, amount: 5n }, "compute", "rescue", [A, B, 5n]],
  [sdk.resumeAttestations, {}, "compute", "resumeAttestations", []],
  [sdk.revokeRole, { roleId: 1n, account: A }, "authority", "revokeRole", [1n, A]],
  [sdk.scheduleCall, { call: scheduled, at: 9n }, "authority", "schedule", [A, "0x1234", 9n]],
  [sdk.setMetadata, { id, metadata }, "registry", "setMetadata", [7n, ["ipfs://x", H]]],
  [sdk.setMinBond, { minBondWei: sdk.wei(6) }, "registry", "setMinBond", [6n]],
  [
    sdk.setRouters,
    { threshold: 1, routers: [{ account: A, isContract: true }] },
    "routers",
    "setRouters",
    [[[A, true]], 1n],
  ],
  [sdk.vetoAttestation, { seq: 6n }, "compute", "veto", [6n]],
  [sdk.vetoSlash, { eventId: H }, "registry", "vetoSlash", [H]],
  [sdk.withdrawBond, { id }, "registry", "withdrawBond", [7n]],
];

const ABIS = {
  compute: sdk.computeContractAbi,
  registry: sdk.providerRegistryAbi,
  routers: sdk.routerSetAbi,
  bootstrap: sdk.bootstrapPoolAbi,
  authority: sdk.accessManagerAbi,
  token: sdk.erc20Abi,
} as const;

const isWrite = (value: unknown): value is AnyWrite =>
  typeof value === "object" && value !== null && "verb" in value && "sendAndWait" in value;

/** Tuples and numbers as plain arrays and bigints. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "number" ? BigInt(value) : value;
}

describe("incident: a front end that builds another transaction than was asked for (Morpho 2025)", () => {
  it("no verb of the SDK is left out here", () => {
    const verbs = Object.values(sdk as unknown as Record<string, unknown>).filter(isWrite);
    expect(CASES.map(([write]) => (write as AnyWrite).verb)).to.have.members(verbs.map(({ verb }) => verb));
  });

  for (const [write, args, contract, method, params] of CASES) {
    const { verb } = write as AnyWrite;
    it(`${verb}: calls ${contract}.${method} with what was asked, and sends no ether`, async () => {
      const { d } = await networkHelpers.loadFixture(running);
      const { to, data, value } = (write as AnyWrite).call(d, args as never);
      const addresses = d.addresses as unknown as Record<string, sdk.Address>;
      expect(to).to.equal(addresses[contract]);
      expect(value).to.equal(0n);
      const parsed = Interface.from(ABIS[contract as keyof typeof ABIS]).parseTransaction({ data });
      expect(parsed?.name).to.equal(method);
      const expected = params.map((param) => (param === "registry" ? d.addresses.registry : param));
      expect(parsed?.args.toArray(true)).to.deep.equal(plain(expected));
    });
  }

  it("what does not fit a function is refused by name, before anything is sent", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const wrong: readonly [unknown, unknown, string][] = [
      [sdk.proposeOwner, { id }, "proposeOwner.newOwner"],
      [sdk.proposePayout, { id, newPayout: "0x12" }, "proposePayout.newPayout"],
      [sdk.addBond, { id, amountWei: -1n }, "addBond.amount"],
      [sdk.addBond, { id, amountWei: 1.5 }, "addBond."],
      [sdk.vetoAttestation, { seq: 2n ** 64n }, "vetoAttestation.seq"],
      [sdk.executeSlash, { eventId: "0x12" }, "executeSlash.eventId"],
      [sdk.claim, { seq: 1n, ranges: "xyz" }, "claim."],
    ];
    for (const [write, args, field] of wrong) {
      const call = () => (write as AnyWrite).call(d, args as never);
      expect(call, field).to.throw(sdk.InvalidField, field);
    }
  });
});
