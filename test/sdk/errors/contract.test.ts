import { expect } from "chai";
import { Interface, makeError } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";

const { contractErrorsAbi, decodeError, findRevertData, ContractError, YellowstoneError } = sdk;
const errors = new Interface(contractErrorsAbi);
const classes = new Map(
  Object.entries(sdk).filter(
    ([, value]) =>
      typeof value === "function" && value.prototype instanceof ContractError && (value as unknown) !== ContractError,
  ),
);

const SAMPLES: Readonly<Record<string, unknown>> = {
  address: "0x0000000000000000000000000000000000000011",
  bytes32: `0x${"5a".repeat(32)}`,
  string: "text",
  bytes4: "0x12345678",
  bool: true,
};
const sampleOf = (type: string) => SAMPLES[type] ?? 7n;
const encoded = (name: string) => {
  const { inputs } = errors.getError(name)!;
  return errors.encodeErrorResult(
    name,
    inputs.map(({ type }) => sampleOf(type)),
  );
};
const pending = encoded("LedgerAttestationPending");

describe("contract errors", () => {
  it("have a class for every error of the ABIs, and no class without one", () => {
    const names = contractErrorsAbi.map(({ name }) => name).sort();
    expect([...classes.keys()].sort()).to.deep.equal(names);
  });

  for (const { name, inputs } of contractErrorsAbi) {
    it(`${name}: decodes into its class with its arguments, in words of its own`, () => {
      const error = decodeError(encoded(name));
      expect(error).to.be.instanceOf(classes.get(name));
      expect(error.code).to.equal(name);
      expect(error.constructor.name).to.equal(name);
      expect(error.data).to.deep.equal(
        Object.fromEntries(inputs.map((input: { name: string; type: string }) => [input.name, sampleOf(input.type)])),
      );
      expect(error.message).to.match(/^[a-z0-9].*[^.]$/);
      expect(error.next).to.match(/^[A-Z].*\.$/);
      expect(error.retry).to.be.oneOf(["no", "now", "later"]);
      expect(error.message).to.not.include("undefined");
    });
  }
});

describe("decodeError", () => {
  const wrapped: [string, unknown][] = [
    ["ethers CALL_EXCEPTION", makeError("x", "CALL_EXCEPTION", callException(pending))],
    ["geth", { code: 3, message: "execution reverted", data: pending }],
    ["anvil inside ethers", { code: "UNKNOWN_ERROR", error: { code: 3, data: pending } }],
    ["nested info", { code: "CALL_EXCEPTION", data: null, info: { error: { code: 3, data: pending } } }],
    ["hardhat", { code: -32603, message: "reverted", data: { message: "x", txHash: "0x12", data: pending } }],
    ["nethermind", { code: -32015, data: `Reverted ${pending}` }],
    ["ganache", { error: { data: { result: pending } } }],
    ["a cause of a cause", new Error("a", { cause: new Error("b", { cause: { data: pending } }) })],
  ];
  for (const [name, shape] of wrapped) {
    it(`finds the revert data of ${name}`, () => {
      expect(findRevertData(shape)).to.equal(pending);
      const error = decodeError(shape);
      expect(error).to.be.instanceOf(sdk.LedgerAttestationPending);
      expect(error.cause).to.equal(shape);
    });
  }

  it("does not take what was sent for what came back", () => {
    const error = makeError("x", "CALL_EXCEPTION", {
      ...callException(null),
      transaction: { to: null, data: pending },
    });
    expect(findRevertData(error)).to.equal(undefined);
    expect(decodeError(error)).to.be.instanceOf(sdk.RevertedWithoutReason);
  });

  it("does not take the trouble of a node for the word of a contract, nor the other way round", () => {
    const answered = (code: number, message: string) =>
      decodeError(
        Object.assign(makeError("x", "CALL_EXCEPTION", callException(null)), { info: { error: { code, message } } }),
      );
    for (const [code, message] of [
      [-32_603, "internal error"],
      [-32_005, "limit exceeded"],
      [429, "too many requests"],
    ] as const) {
      const failure = answered(code, message);
      expect(failure, message).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
    }
    for (const [code, message] of [
      [-32_000, "execution reverted"],
      [-32_603, "EVM error OutOfGas"],
      [-32_603, "VM Exception while processing transaction: invalid opcode"],
    ] as const) {
      expect(answered(code, message), message).to.be.instanceOf(sdk.RevertedWithoutReason);
    }
  });

  it("survives a circle", () => {
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(decodeError(circle)).to.be.instanceOf(sdk.ChainRequestFailed);
  });

  it("decodes panics, texts, empty and unknown data", () => {
    const panic = decodeError(new Interface(["error Panic(uint256)"]).encodeErrorResult("Panic", [0x11]));
    expect(panic).to.be.instanceOf(sdk.ContractPanic);
    expect(panic.message).to.include("0x11");
    const text = decodeError(new Interface(["error Error(string)"]).encodeErrorResult("Error", ["no"]));
    expect(text).to.be.instanceOf(sdk.ContractReverted);
    expect(text.data).to.deep.equal({ reason: "no" });
    expect(decodeError("0x")).to.be.instanceOf(sdk.RevertedWithoutReason);
    expect(decodeError("0xdeadbeef")).to.be.instanceOf(sdk.UnknownContractError);
    expect(decodeError(pending.slice(0, 20))).to.be.instanceOf(sdk.UnknownContractError);
  });

  it("says whether a failed request may be sent again", () => {
    const cases: [unknown, string][] = [
      [makeError("x", "NETWORK_ERROR", { event: "x" }), "now"],
      [makeError("x", "INSUFFICIENT_FUNDS", { transaction: {} }), "later"],
      [{ error: { code: -32_005 } }, "now"],
      [{ error: { code: -32_601 } }, "no"],
      [{ response: { statusCode: 599, statusMessage: "CLIENT ESCALATED SERVER ERROR (500)" } }, "no"],
      [new Error("x"), "no"],
      ["text", "no"],
      [undefined, "no"],
    ];
    for (const [cause, retry] of cases) {
      const error = decodeError(cause);
      expect(error).to.be.instanceOf(sdk.ChainRequestFailed);
      expect(error.retry).to.equal(retry);
      expect(error.cause).to.equal(cause);
    }
  });

  it("gives an error of the SDK back", () => {
    const error = new sdk.ProviderMissing();
    expect(decodeError(error)).to.equal(error);
    expect(error).to.be.instanceOf(YellowstoneError);
  });
});

function callException(data: string | null) {
  const action = "call" as const;
  return { action, data, reason: null, transaction: { to: null, data: "0x12345678" }, invocation: null, revert: null };
}
