import { expect } from "chai";
import { concat, Interface, toBeHex } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { computeContractAbi } from "@yellowstone-compute/sdk/abi";
import { paymentFailedEvent } from "@yellowstone-compute/sdk/events";
import { unpackPayments } from "../../../sdk/dist/events/claimed.js";
import { entriesOf } from "../../../sdk/dist/provider/entries.js";
import { newsOf } from "../../../sdk/dist/statusPage/news.js";
import { alarmOf } from "../../../sdk/dist/watch/alarms.js";

const COMPUTE = sdk.address(`0x${"c0".repeat(20)}`);
const PAYOUT = sdk.address(`0x${"5a".repeat(20)}`);
const at = { blockNumber: 9, transactionHash: `0x${"12".repeat(32)}` };

describe("events of payments", () => {
  it("payments are read as they are packed, and half a payment is none", () => {
    const packed = concat([toBeHex(7, 4), toBeHex(500, 8), toBeHex(9, 4), toBeHex(1, 8)]);
    expect(unpackPayments(sdk.hexToBytes(packed))).to.deep.equal([
      { id: 7n, amountUMor: 500n },
      { id: 9n, amountUMor: 1n },
    ]);
    expect(unpackPayments(new Uint8Array())).to.deep.equal([]);
    expect(() => unpackPayments(new Uint8Array(13))).to.throw(sdk.InvalidField, /multiple of 12/);
  });

  it("a payment that failed names whom, where and how much", () => {
    const face = new Interface(computeContractAbi);
    const { data, topics } = face.encodeEventLog("PaymentFailed", [7n, PAYOUT, 500n]);
    const receipt = { hash: at.transactionHash, logs: [{ address: COMPUTE, topics, data }] };
    expect(paymentFailedEvent.first(receipt, COMPUTE)).to.deep.equal({
      id: 7n,
      payout: PAYOUT,
      amountUMor: 500n,
    });
  });

  it("a payment that failed is an entry of its provider alone, and a sentence of the page", () => {
    const event = { name: "paymentFailed", value: { id: 7n, payout: PAYOUT, amountUMor: 500_000n }, ...at } as never;
    const nothing = { netted: new Map(), dropped: [] };
    const entries = (id: number) => entriesOf(event, nothing, new Set([sdk.providerId(id)]));
    expect(entries(7)).to.have.length(1);
    expect(entries(7)[0]).to.include({ kind: "unpayable", id: 7n, amountUMor: 500_000n, blockNumber: 9 });
    expect(entries(8)).to.deep.equal([]);
    expect(newsOf(event)).to.deep.equal({
      blockNumber: 9,
      text: "Provider 7 could not be paid 0.5000 MOR: they stay owed.",
    });
  });

  it("the page says one or several vetoed attestations, and the end of a pause", () => {
    const said = (name: string, value: object) => newsOf({ name, value, ...at } as never)?.text;
    const veto = (lastDroppedSeq: bigint) => said("vetoed", { seq: 3n, lastDroppedSeq, releasedUMor: 1_000_000n });
    expect(veto(3n)).to.match(/^Attestation 3 was vetoed: 1\.0000 MOR/);
    expect(veto(5n)).to.match(/^Attestations 3 to 5 were vetoed/);
    expect(said("paused", { pausedUntil: 0n })).to.equal("The pause ended.");
    expect(said("paused", { pausedUntil: 1_800_000_000n })).to.match(/paused until 2027-01-15/);
    expect(said("debtNetted", {}), "a part of another").to.equal(undefined);
  });

  it("what governance takes back is an alarm", () => {
    const account = PAYOUT;
    const of = (name: string, value: object) => alarmOf({ name, value, ...at } as never);
    const operationId = `0x${"34".repeat(32)}`;
    expect(of("operationCanceled", { operationId })).to.deep.equal({
      kind: "operationCanceled",
      line: `operation ${operationId} was taken back`,
      actBefore: undefined,
      blockNumber: 9,
    });
    expect(of("roleRevoked", { roleId: 2n, account })?.line).to.equal(`role 2 was revoked from ${account}`);
    expect(of("attested", {}), "is verified instead").to.equal(undefined);
  });
});
