import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { InvalidField } from "@yellowstone-compute/sdk/errors";
import {
  KINDS,
  createDomain,
  definitionOf,
  hashMessage,
  typedDataTypes,
  type Domain,
  type Kind,
  type MessageOf,
  type WordType,
} from "@yellowstone-compute/sdk/messages";
import { anyDomain, valueOf, wordOf } from "./arbitraries.js";

const domain = createDomain(8453, "0x5FbDB2315678afecb367f032d93F642f64180aa3");

// What each type must refuse to hash, for a wrapped or padded value would share its digest with another.
const UNHASHABLE: Readonly<Record<WordType, readonly unknown[]>> = {
  address: [
    "0x",
    `0x${"1".repeat(39)}`,
    `0x${"g".repeat(40)}`,
    `0X${"1".repeat(40)}`,
    `0x${"1".repeat(39)}é`,
    1n,
    undefined,
  ],
  bytes32: [`0x${"1".repeat(63)}`, `0x${"1".repeat(66)}`, "1".repeat(66), 0n, null],
  bool: [0, 1, "true", undefined],
  uint8: [256, -1, 0.5, NaN, "1", 1n, undefined],
  uint32: [2 ** 32, -1, 0.5, NaN, "1", 1n, undefined],
  uint64: [1n << 64n, -1n, 1, "1", undefined],
  uint256: [1n << 256n, -1n, 1, "1", undefined],
  string: ["\ud800", "a\udc00", "\ud800\ud800", 1, undefined],
};

describe("messages: hashing", () => {
  for (const kind of KINDS) {
    const value = valueOf(kind);

    it(`${kind}: equals ethers`, () => {
      const property = fc.property(value, anyDomain, (v, d) => {
        expect(hashMessage(kind, v, d)).to.equal(TypedDataEncoder.hash(d, typedDataTypes[kind], v));
      });
      fc.assert(property, { numRuns: 150 });
    });

    for (const { name, type } of definitionOf(kind).fields) {
      it(`${kind}.${name}: another value gives another digest`, () => {
        const property = fc.property(value, wordOf[type], (v, other) => {
          const before = v[name as keyof MessageOf<Kind>] as unknown;
          fc.pre(before !== other);
          expect(hashMessage(kind, { ...v, [name]: other }, domain)).to.not.equal(hashMessage(kind, v, domain));
        });
        fc.assert(property, { numRuns: 30 });
      });

      it(`${kind}.${name}: what its type cannot hold is refused by name`, () => {
        const [sample] = fc.sample(value, 1);
        for (const wrong of UNHASHABLE[type]) {
          const broken = { ...sample, [name]: wrong } as MessageOf<typeof kind>;
          expect(() => hashMessage(kind, broken, domain), String(wrong))
            .to.throw(InvalidField)
            .with.nested.property("data.path", `${kind}.${name}`);
        }
      });
    }
  }

  it("another chain or contract gives another digest, also when the domain alternates", () => {
    const value = { providerId: 1n, modelId: `0x${"11".repeat(32)}` } as MessageOf<"ModelPossession">;
    const contract = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
    const domains = [domain, createDomain(8454, domain.verifyingContract), createDomain(8453, contract)];
    const first = domains.map((d) => hashMessage("ModelPossession", value, d));
    const again = domains.map((d) => hashMessage("ModelPossession", value, d));
    expect(new Set(first).size).to.equal(3);
    expect(again).to.deep.equal(first);
  });

  it("a domain of another protocol or version is refused", () => {
    const value = { providerId: 1n, modelId: `0x${"11".repeat(32)}` } as MessageOf<"ModelPossession">;
    for (const change of [{ name: "Other" }, { version: "2" }, { chainId: -1n }, { verifyingContract: "0x12" }]) {
      const foreign = { ...domain, ...change } as unknown as Domain;
      expect(() => hashMessage("ModelPossession", value, foreign)).to.throw(InvalidField);
    }
  });

  it("an unknown kind is refused", () => {
    for (const kind of ["Nothing", "__proto__", "toString"]) {
      expect(() => hashMessage(kind as Kind, {} as MessageOf<Kind>, domain)).to.throw(InvalidField);
    }
  });

  it("leaves ethers as it is", () => {
    expect(TypedDataEncoder.from({ Rfc: [...definitionOf("Rfc").fields] }).encodeType("Rfc")).to.equal(
      definitionOf("Rfc").typeString,
    );
  });
});
