import { expect } from "chai";
import fc from "fast-check";
import { solidityPackedKeccak256 } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";

const REASON = sdk.keccak256Text("reason");
const debit = (id: number, amountUMor: bigint): sdk.Debit => ({
  providerId: sdk.providerId(id),
  amountUMor: sdk.uMor(amountUMor),
  reasonHash: REASON,
});

describe("packed debits", () => {
  it("come back as they went, 44 bytes each", () => {
    const one = fc.record({
      providerId: fc.nat(2 ** 22 - 1).map((id) => sdk.providerId(id)),
      amountUMor: fc.bigInt(1n, (1n << 64n) - 1n).map((amount) => sdk.uMor(amount)),
      reasonHash: fc.constant(REASON),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: sdk.MAX_DEBITS }), (debits) => {
        const packed = sdk.packDebits(debits);
        expect(packed.length).to.equal(44 * debits.length);
        expect(sdk.unpackDebits(packed)).to.deep.equal(debits);
      }),
    );
  });

  it("hash as Solidity packs them; none hash to zero", () => {
    const expected = solidityPackedKeccak256(["uint32", "uint64", "bytes32"], [7, 5n, REASON]);
    expect(sdk.debitsHash(sdk.packDebits([debit(7, 5n)]))).to.equal(expected);
    expect(sdk.debitsHash(sdk.packDebits([]))).to.equal(sdk.ZERO_HASH);
  });

  it("are refused when they are too many, broken off, or take nothing", () => {
    const many = Array.from({ length: 33 }, (_, id) => debit(id, 1n));
    expect(() => sdk.packDebits(many)).to.throw(sdk.DebitsLengthInvalid);
    expect(() => sdk.unpackDebits(new Uint8Array(33 * 44))).to.throw(sdk.DebitsLengthInvalid);
    expect(() => sdk.unpackDebits(new Uint8Array(45))).to.throw(sdk.DebitsLengthInvalid);
    expect(() => sdk.unpackDebits(new Uint8Array(44))).to.throw(sdk.DebitZero);
    expect(() => sdk.packDebits([{ ...debit(0, 1n), amountUMor: sdk.uMor(0n) }])).to.throw(sdk.DebitZero);
    expect(() => sdk.packDebits([{ ...debit(0, 1n), providerId: sdk.providerId(1n << 32n) }])).to.throw(
      sdk.InvalidField,
    );
  });
});
