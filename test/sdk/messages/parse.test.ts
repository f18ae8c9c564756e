import { expect } from "chai";
import fc from "fast-check";
import { InvalidField } from "@yellowstone-compute/sdk/errors";
import {
  KINDS,
  MAX_TEXT_LENGTH,
  createDomain,
  definitionOf,
  localSigner,
  parseMessage,
  parseValue,
  serializeMessage,
  serializeValue,
  signMessage,
  type WordType,
} from "@yellowstone-compute/sdk/messages";
import { valueOf } from "./arbitraries.js";

const domain = createDomain(31337, "0x5FbDB2315678afecb367f032d93F642f64180aa3");
const signer = localSigner(`0x${"0".repeat(63)}5`);
const CHECKED = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

const NO_TYPE: readonly unknown[] = [undefined, null, {}, [], Symbol("x"), () => 1];
const REFUSED: Readonly<Record<WordType, readonly unknown[]>> = {
  address: [CHECKED.replace("b", "B"), `0x${CHECKED.slice(2).toUpperCase()}`, CHECKED.slice(2), `${CHECKED}00`, ""],
  bytes32: [`0x${"1".repeat(62)}`, `0x${"g".repeat(64)}`, "1".repeat(64), `0x${"1".repeat(66)}`],
  bool: ["true", 0, 1, "false"],
  uint8: [6, -1, 1.5, "1", 1n, NaN, Infinity, -0],
  uint32: [2 ** 32, -1, 1.5, "1", 1n, NaN, Infinity, -0],
  uint64: [1, "-1", -1n, "1.5", "1e3", "0x10", " 1", "01", "", "+1", (1n << 64n).toString(), 1n << 64n],
  uint256: [1, "-1", -1n, "1.5", "1e3", "0x10", "1 ", "00", "", (1n << 256n).toString(), "9".repeat(100_000)],
  string: [1, "\ud800", "x".repeat(MAX_TEXT_LENGTH + 1)],
};

function refuses(run: () => unknown, path: string): void {
  expect(run).to.throw(InvalidField).with.nested.property("data.path", path);
}

describe("messages: parsing", () => {
  for (const kind of KINDS) {
    const [sample] = fc.sample(valueOf(kind), 1);

    it(`${kind}: reads back what was serialized, also through JSON`, () => {
      const property = fc.property(valueOf(kind), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(serializeValue(kind, value)));
        expect(parseValue(kind, json)).to.deep.equal(value);
        expect(parseValue(kind, value)).to.deep.equal(value);
      });
      fc.assert(property, { numRuns: 100 });
    });

    it(`${kind}: refuses each field that is missing, of another type or out of range, by its path`, () => {
      for (const { name, type } of definitionOf(kind).fields) {
        const without = Object.fromEntries(Object.entries(sample ?? {}).filter(([key]) => key !== name));
        refuses(() => parseValue(kind, without), `${kind}.${name}`);
        for (const wrong of [...NO_TYPE, ...REFUSED[type]]) {
          refuses(() => parseValue(kind, { ...sample, [name]: wrong }, "body"), `body.${name}`);
        }
      }
    });

    it(`${kind}: refuses unknown keys, __proto__ and what is no plain object`, () => {
      const withProto: unknown = JSON.parse(
        `{"__proto__": {"a": 1}, ${JSON.stringify(serializeValue(kind, sample!)).slice(1)}`,
      );
      refuses(() => parseValue(kind, { ...sample, extra: 1 }), kind);
      refuses(() => parseValue(kind, withProto), kind);
      refuses(() => parseValue(kind, { ...sample, [Symbol("x")]: 1 }), kind);
      for (const input of [undefined, null, 1, "{}", [], new Map(), Object.create({ ...sample })]) {
        expect(() => parseValue(kind, input)).to.throw(InvalidField);
      }
    });

    it(`${kind}: reads a signed message and refuses a broken envelope`, async () => {
      const signed = await signMessage(signer, kind, sample!, domain);
      const json = JSON.parse(JSON.stringify(serializeMessage(signed))) as Record<string, unknown>;
      expect(parseMessage(kind, json)).to.deep.equal(signed);
      refuses(() => parseMessage(kind, { ...json, kind: "Other" }), `${kind}.kind`);
      refuses(() => parseMessage(kind, { ...json, signer: "0x" }), `${kind}.signer`);
      refuses(() => parseMessage(kind, { ...json, signature: "0x123" }), `${kind}.signature`);
      refuses(() => parseMessage(kind, { ...json, signature: `0x${"00".repeat(5000)}` }), `${kind}.signature`);
      refuses(() => parseMessage(kind, { ...json, value: null }), `${kind}.value`);
      refuses(() => parseMessage(kind, { ...json, more: 1 }), kind);
    });
  }

  it("takes an address in lower case and gives it with its checksum", () => {
    const [rfc] = fc.sample(valueOf("Rfc"), 1);
    expect(parseValue("Rfc", { ...rfc, user: CHECKED.toLowerCase() }).user).to.equal(CHECKED);
  });

  it("never repeats hostile input at length", () => {
    try {
      parseValue("ModelPossession", { providerId: "9".repeat(1_000_000), modelId: "" });
      expect.fail("accepted");
    } catch (error) {
      expect((error as InvalidField).message.length).to.be.below(250);
    }
  });
});
