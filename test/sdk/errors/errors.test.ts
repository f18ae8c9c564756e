import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";

const cause = new TypeError("below");
const EXAMPLES: readonly errors.YellowstoneError[] = [
  new errors.InvalidField("a.b", "a number", 1n << 600n, cause),
  new errors.ForeignTypedData(["Permit"]),
  new errors.InvalidSchedule("startAt", "a bigint", 1),
  new errors.SignatureLength(64),
  new errors.SignatureMalleable(),
  new errors.SignatureRecoveryByte(0),
  new errors.InvalidSignature(cause),
  new errors.SignerMismatch("0x1", "0x2"),
  new errors.ContractSignatureRefused("0x1"),
  new errors.InvalidPrivateKey(),
  new errors.MessageExpired("Bid", "expiresAt", 1n, 2n),
  new errors.BeforeStart(2n, 1n),
];

describe("errors", () => {
  it("give the examples below their own classes", () => {
    const isFailure = (value: unknown) =>
      typeof value === "function" && value.prototype instanceof errors.YellowstoneError;
    const classes = Object.entries(errors).filter(([, value]) => isFailure(value));
    expect(classes.map(([name]) => name)).to.include.members(EXAMPLES.map(({ code }) => code));
  });

  for (const error of EXAMPLES) {
    it(`${error.code}: code is the class name, says what to do next, survives JSON`, () => {
      expect(error).to.be.instanceOf(errors.YellowstoneError).and.instanceOf(Error);
      expect(error.constructor.name).to.equal(error.code);
      expect(error.name).to.equal(error.code);
      expect(error.next).to.match(/^[A-Z].*\.$/);
      expect(error.retry).to.be.oneOf(["no", "now", "later"]);
      expect(Object.isFrozen(error.data)).to.equal(true);
      const json = JSON.parse(JSON.stringify(error)) as { code: string; message: string };
      expect(json.code).to.equal(error.code);
      expect(json.message).to.equal(error.message);
    });
  }

  it("keep their cause, and have none when there was none", () => {
    expect(EXAMPLES[0]?.cause).to.equal(cause);
    expect("cause" in new errors.SignatureMalleable()).to.equal(false);
  });

  it("describe any value shortly", () => {
    const cases: [unknown, string][] = [
      [null, "null"],
      [undefined, "undefined"],
      [5n, "5n"],
      [NaN, "NaN"],
      ["a", '"a"'],
      [[1, 2], "array of 2"],
      [{ a: 1 }, "object"],
      [new Uint8Array(3), "3 bytes"],
      [Symbol("s"), "symbol"],
      [() => 1, "function"],
      [1n << 600n, "bigint of more than 512 bits"],
    ];
    for (const [value, text] of cases) expect(errors.describeValue(value)).to.equal(text);
    expect(errors.describeValue("x".repeat(1000)).length).to.be.below(110);
  });
});
