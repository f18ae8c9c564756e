import { expect } from "chai";
import { concat, keccak256, solidityPacked } from "ethers";
import {
  InvalidField,
  QuorumMissing,
  RouterCountInvalid,
  RouterOrderInvalid,
  RouterThresholdInvalid,
  RouterUnknown,
} from "@yellowstone-compute/sdk/errors";
import { packQuorum, packRouterSet, routerSetDigest, type RouterSet } from "@yellowstone-compute/sdk/router";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { address, hex, type Address, type Hex } from "@yellowstone-compute/sdk/units";

const [a, b, c] = ["11", "22", "33"].map((byte) => address(`0x${byte.repeat(20)}`)) as [Address, Address, Address];
const set: RouterSet = {
  epoch: 7,
  threshold: 2,
  routers: [
    { account: a, isContract: false },
    { account: b, isContract: true },
    { account: c, isContract: false },
  ],
};
const packedSet = solidityPacked(
  ["uint32", "uint8", "uint8", "uint8", "address", "uint8", "address", "uint8", "address"],
  [7, 2, 3, 0, a, 1, b, 0, c],
);
const signatureOf = (byte: string, bytes = 65): Hex => hex(`0x${byte.repeat(bytes)}`);

describe("router set", () => {
  it("packs and hashes as the contract does", () => {
    expect(bytesToHex(packRouterSet(set))).to.equal(packedSet);
    expect(routerSetDigest(set)).to.equal(keccak256(packedSet));
    // A set that was never changed needs no epoch, and no other epoch has its digest.
    const { threshold, routers } = set;
    const first = { threshold, routers };
    expect(routerSetDigest(first))
      .to.equal(routerSetDigest({ ...set, epoch: 1 }))
      .and.not.equal(routerSetDigest(set));
  });

  it("refuses what the contract refuses", () => {
    const of =
      (threshold: number, ...accounts: Address[]) =>
      () =>
        packRouterSet({ threshold, routers: accounts.map((account) => ({ account, isContract: false })) });
    const many = Array.from({ length: 33 }, (_, i) => address(`0x${(i + 1).toString(16).padStart(40, "0")}`));
    expect(of(1)).to.throw(RouterCountInvalid);
    expect(of(17, ...many)).to.throw(RouterCountInvalid);
    for (const threshold of [0, 1, 3]) expect(of(threshold, a, b)).to.throw(RouterThresholdInvalid);
    for (const threshold of [1.5, NaN]) expect(of(threshold, a, b)).to.throw(InvalidField, "threshold");
    for (const epoch of [0, -1, 1.5, NaN, 2 ** 32]) {
      expect(() => packRouterSet({ ...set, epoch })).to.throw(InvalidField, "epoch");
    }
    expect(of(2, b, a)).to.throw(RouterOrderInvalid);
    expect(of(2, a, a)).to.throw(RouterOrderInvalid);
    expect(of(1, address(`0x${"00".repeat(20)}`))).to.throw(RouterOrderInvalid);
    expect(of(1, "0x12" as Address)).to.throw(InvalidField);
    expect(of(17, ...many.slice(1))).not.to.throw();
  });
});

describe("packQuorum", () => {
  it("writes mask and signatures in the order of the set, whatever the order they came in", () => {
    const signatures = new Map([
      [c, signatureOf("cc")],
      [a, signatureOf("aa")],
    ]);
    const expected = concat([packedSet, "0x00000005", "0x0041", signatureOf("aa"), "0x0041", signatureOf("cc")]);
    expect(bytesToHex(packQuorum(set, signatures))).to.equal(expected);
  });

  it("names who is missing, and who is foreign", () => {
    const one = new Map([[b, signatureOf("bb", 200)]]);
    expect(() => packQuorum(set, one))
      .to.throw(QuorumMissing)
      .with.property("data")
      .deep.equal({ given: 1, threshold: 2, missing: [a, c], reasons: [] });
    const foreign = address(`0x${"44".repeat(20)}`);
    expect(() => packQuorum(set, new Map([...one, [foreign, signatureOf("dd")]]))).to.throw(RouterUnknown);
    expect(() => packQuorum(set, new Map([[b, signatureOf("bb", 65_536)]]))).to.throw(InvalidField);
  });

  it("sets the highest bit of a full mask", () => {
    const routers = Array.from({ length: 32 }, (_, i) => address(`0x${(i + 1).toString(16).padStart(40, "0")}`));
    const full: RouterSet = { threshold: 17, routers: routers.map((account) => ({ account, isContract: false })) };
    const quorum = packQuorum(full, new Map(routers.map((account) => [account, signatureOf("01")])));
    expect([...quorum.subarray(6 + 32 * 21, 6 + 32 * 21 + 4)]).to.deep.equal([255, 255, 255, 255]);
  });
});
