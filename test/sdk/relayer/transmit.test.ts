import { expect } from "chai";
import { makeError, Transaction, Wallet, type Provider, type Signer, type TransactionRequest } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { signVariant, transmit, type Reception } from "../../../sdk/dist/relayer/transmit.js";
import type { Variant } from "../../../sdk/dist/relayer/state.js";
import { failureOf } from "../actions/fixture.js";
import { PAYER } from "./world.js";

const sender = sdk.address(PAYER.address);
const fields = { chainId: 8_453n, nonce: 7, gasLimit: 21_000n, to: sender, value: 0n, data: "0x" };
const dynamic = { ...fields, type: 2, maxFeePerGas: 9n, maxPriorityFeePerGas: 2n };

/** A signer that signs what `bend` makes of what it is given. */
const signerWith = (bend: (transaction: TransactionRequest) => Promise<string>): Signer =>
  ({ signTransaction: bend }) as unknown as Signer;

describe("relayer: signing", () => {
  it("keeps what was offered: two prices on a chain with a base fee, one price twice on a chain without", async () => {
    const variant = await signVariant(PAYER, sender, dynamic, false);
    expect(variant).to.include({ maxFeePerGas: 9n, maxPriorityFeePerGas: 2n, isFiller: false });
    expect(Transaction.from(variant.raw)).to.include({ hash: variant.hash, from: sender });
    const plain = await signVariant(PAYER, sender, { ...fields, type: 0, gasPrice: 5n }, true);
    expect(plain).to.include({ maxFeePerGas: 5n, maxPriorityFeePerGas: 5n, isFiller: true });
  });

  it("refuses a signer that signs something else, in another name, or not at all", async () => {
    const other = new Wallet(`0x${"77".repeat(32)}`);
    for (const signer of [
      signerWith((transaction) => PAYER.signTransaction({ ...transaction, maxFeePerGas: 10n })),
      signerWith((transaction) => other.signTransaction({ ...transaction, from: other.address })),
      signerWith(() => Promise.resolve(Transaction.from(dynamic).unsignedSerialized)),
      signerWith(() => Promise.reject(new TypeError("this wallet only sends"))),
    ]) {
      const failure = await failureOf(signVariant(signer, sender, dynamic, false));
      expect(failure).to.be.instanceOf(sdk.RelaySenderUnfit).and.have.property("retry", "no");
    }
  });
});

describe("relayer: what a node says of a signed transaction", () => {
  const prices = { maxFeePerGas: 9n, maxPriorityFeePerGas: 2n };
  const variant: Variant = { hash: "0x01", raw: "0x02", ...prices, isFiller: false };
  const told = (error: Error) => {
    const provider = { broadcastTransaction: () => Promise.reject(error) } as unknown as Provider;
    return transmit(provider, variant);
  };
  const rpc = (message: string) => Object.assign(new Error("could not coalesce error"), { error: { message } });
  const request = {} as TransactionRequest;
  for (const [what, error, is] of [
    ["it knows it already", rpc("already known"), "taken"],
    ["it knows it, says an OpenEthereum", rpc("Transaction with the same hash was already imported."), "taken"],
    ["a replacement offers too little", rpc("replacement transaction underpriced"), "cheap"],
    ["too little, in the words of ethers", makeError("x", "REPLACEMENT_UNDERPRICED", request as never), "cheap"],
    ["less than the base fee", rpc("max fee per gas less than block base fee: address 0x1"), "cheap"],
    ["its nonce is used", rpc("nonce too low: next nonce 9, tx nonce 7"), "used"],
    ["its nonce is used, in the words of ethers", makeError("x", "NONCE_EXPIRED", request as never), "used"],
    [
      "it takes too much gas",
      Object.assign(new Error("x"), { info: { error: { message: "exceeds block gas limit" } } }),
      "refused",
    ],
  ] as readonly [string, Error, Reception["is"]][]) {
    it(`${what}: ${is}`, async () => {
      expect(await told(error)).to.have.property("is", is);
    });
  }

  it("nothing that tells whether it has it: the request failed", async () => {
    const lost = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    expect(await failureOf(told(lost)))
      .to.be.instanceOf(sdk.ChainRequestFailed)
      .and.have.property("retry", "now");
    const busy = Object.assign(new Error("x"), { response: { statusCode: 429, headers: { "retry-after": "3" } } });
    expect(await failureOf(told(busy))).to.be.instanceOf(sdk.RequestRateLimited);
  });
});
