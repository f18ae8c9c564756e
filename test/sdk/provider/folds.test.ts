import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { readBlock } from "../../../sdk/dist/actions/read.js";
import { AttestationFold } from "../../../sdk/dist/provider/attestations.js";
import { BooksFold } from "../../../sdk/dist/provider/books.js";
import { LedgerHistory } from "../../../sdk/dist/provider/history.js";
import { parseSnapshot, sealSnapshot, type SnapshotBody } from "../../../sdk/dist/provider/snapshotCodec.js";
import { failureOf } from "../actions/fixture.js";

const HASH = sdk.hash32(`0x${"12".repeat(32)}`);
const transactionHash = HASH as string;
const id = sdk.providerId(7);

describe("folds of events", () => {
  it("an attestation whose root is another than its credits make is refused, and so is a veto of what is not pending", () => {
    const attestations = new AttestationFold();
    const attested = { seq: 1n, newRoot: HASH, activeAt: 5n, deltas: [] } as unknown as Parameters<
      AttestationFold["append"]
    >[0];
    expect(() => attestations.append(attested, 9)).to.throw(sdk.HistoryDiverged, /root of attestation 1/);
    expect(() => attestations.drop(1n, 9)).to.throw(sdk.HistoryDiverged, /vetoed attestation/);
  });

  it("debt that an award nets counts as paid out once, whatever the transaction before it netted", () => {
    const books = new BooksFold();
    const absorbed = (amountUMor: bigint, hash: string) =>
      books.apply({ name: "debtAbsorbed", value: { id, amountUMor, debtUMor: 0n }, transactionHash: hash } as never);
    absorbed(3n, "0x01");
    absorbed(4n, transactionHash);
    absorbed(5n, transactionHash);
    const payments = [{ id, amountUMor: 10n }];
    const netted = books.apply({ name: "awardsPaid", value: { payments }, transactionHash } as never);
    expect([...netted]).to.deep.equal([[id, 9n]]);
    expect(books.of(id)).to.include({ awardedUMor: 19n, paidUMor: 10n, absorbedUMor: 9n, settledUMor: 0n });
    expect(books.apply({ name: "claimed", value: { payments: [] }, transactionHash } as never).size).to.equal(0);
  });

  it("a history does not step back below the block it keeps", () => {
    const end = { blockNumber: 10, blockHash: HASH, timestamp: sdk.unixSeconds(1) };
    const state = { end, attestations: new AttestationFold(), books: new BooksFold(), entries: [] };
    const history = new LedgerHistory(state, { marks: [end] });
    expect(history.pending).to.deep.equal([]);
    const below = { ...end, blockNumber: 9 };
    expect(() => history.stepBack(below, { marks: [below] })).to.throw(sdk.ReorgTooDeep);
    history.stepBack(end, { marks: [end] });
    expect(history.end).to.deep.equal(end);
  });

  it("a block that the node does not have is an error, and not the beginning of time", async () => {
    const d = { provider: { getBlock: () => Promise.resolve(null) } } as unknown as sdk.Deployment;
    const failure = await failureOf(readBlock(d, 77));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "later");
    expect((failure as Error).message).to.include("no block 77");
  });

  it("reminds of no season where there is no pool", async () => {
    expect(await sdk.seasonReminders({ bootstrapWindow: undefined } as unknown as sdk.Deployment, [7])).to.deep.equal(
      [],
    );
  });

  it("claims of providers far apart go by the place of their words, whatever order they were named in", () => {
    const tree = sdk.LedgerTree.from(Array.from({ length: 5_000 }, () => 9n));
    const account = () => ({ claimableUMor: 9n, settledUMor: 0n });
    const { calls, left } = sdk.planClaims([4_999, 0], { activeSeq: 1n, activeTree: tree, account });
    expect(calls.map(({ ids, others }) => [ids, others])).to.deep.equal([[[0n, 4_999n], []]]);
    expect(sdk.claimedIds(sdk.hexToBytes(sdk.bytesToHex(calls[0]!.args.ranges as Uint8Array)))).to.deep.equal([
      0, 4_999,
    ]);
    expect(left).to.deep.equal([]);
  });

  it("a plan at the present fee needs a node that tells it", async () => {
    const told = (fee: object) =>
      ({
        chainId: 1n,
        addresses: { compute: sdk.address(`0x${"c0".repeat(20)}`) },
        deployedInBlock: 1,
        provider: { getFeeData: () => Promise.resolve({ gasPrice: null, maxFeePerGas: null, ...fee }) },
      }) as unknown as sdk.Deployment;
    const plan = async (fee: object) =>
      (await sdk.createProvider({ deployment: told(fee) })).planAtPresentFee({ morPerEtherWei: 1n });
    expect(await failureOf(plan({}))).to.be.instanceOf(sdk.ChainRequestFailed);
    expect((await plan({ maxFeePerGas: 3n })).calls).to.deep.equal([]);
  });
});

describe("snapshots, read", () => {
  const entry = ["7", "paid", "5", null, null, null, 9, HASH] as const;
  const body: SnapshotBody = {
    version: 1,
    chainId: "1",
    compute: sdk.address(`0x${"c0".repeat(20)}`),
    end: { blockNumber: 10, blockHash: HASH, timestamp: "1" },
    lastSeq: "1",
    activeSeq: "1",
    activeRoot: HASH,
    lanes: "0x0000000000000005",
    pending: [{ seq: "2", newRoot: HASH, activeAt: "9", deltas: [[0, "4"]] }],
    sharesUMor: "0",
    books: [["7", "1", "2", "3", "4", "5", "6", "7"]],
    ids: ["7"],
    entries: [entry, ["7", "debited", "5", "1", "8", HASH, 9, HASH]],
  };

  it("come back as they were written", () => {
    const sealed = sealSnapshot(body);
    expect(parseSnapshot(JSON.parse(JSON.stringify(sealed)))).to.deep.equal(sealed);
  });

  for (const [what, change] of [
    ["an entry of no kind", { entries: [["7", "stolen", ...entry.slice(2)]] }],
    ["an entry that lacks a part", { entries: [entry.slice(1)] }],
    ["a number in place of its digits", { chainId: 1 }],
    ["digits of no number", { lastSeq: "01" }],
    ["no list of ids", { ids: "7" }],
    ["a block below the beginning", { end: { ...body.end, blockNumber: -2 } }],
    ["lanes that are cut", { lanes: "0x00" }],
    ["a hash that is none", { activeRoot: 5 }],
    ["another address", { compute: "0x12" }],
    ["another version", { version: 2 }],
  ] as const) {
    it(`are refused with ${what}`, () => {
      expect(() => parseSnapshot({ ...sealSnapshot(body), ...change })).to.throw(sdk.InvalidField);
    });
  }
});
