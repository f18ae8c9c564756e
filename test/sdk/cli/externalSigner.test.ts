import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { ExternalSignerFailed, TransactionUnconfirmed } from "../../../sdk/src/errors/index.js";
import { ExternalSigner, openExternalSigner } from "../../../sdk/src/cli/externalSigner.js";
import { address } from "../../../sdk/src/units/index.js";
import { textOf } from "../../utils/face.js";
import { ethers } from "../actions/fixture.js";
import { SENDER_KEY, STRANGER_KEY } from "./yellowstone.js";

interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}
type Answer = { readonly result?: unknown; readonly error?: { readonly code?: number; readonly message?: unknown } };

const key = new Wallet(SENDER_KEY);
const account = address(key.address);
const TYPES = { Mail: [{ name: "text", type: "string" }] };

describe("command line: an external signer", () => {
  const asked: Asked[] = [];
  let answer: (asked: Asked) => Answer | null | Promise<Answer>;
  let server: Server;
  let url: string;
  let signer: ExternalSigner;

  before(async () => {
    server = createServer((request, response) => {
      void (async () => {
        const { id, method, params } = JSON.parse(await textOf(request)) as Asked & { id: number };
        asked.push({ method, params });
        response.setHeader("content-type", "application/json");
        const given = await answer({ method, params });
        response.end(JSON.stringify(given === null ? null : { jsonrpc: "2.0", id, ...given }));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    signer = new ExternalSigner(url, account, ethers.provider);
  });
  beforeEach(() => void asked.splice(0));
  after(() => server.close());

  async function failsWith(act: Promise<unknown>, said: RegExp): Promise<void> {
    const failure: unknown = await act.catch((reason: unknown) => reason);
    expect(failure).to.be.instanceOf(ExternalSignerFailed);
    expect((failure as Error).message).to.match(said);
  }

  it("is its first account, or the one that is named", async () => {
    answer = () => ({ result: [key.address.toLowerCase(), new Wallet(STRANGER_KEY).address, "no address"] });
    expect(await (await openExternalSigner(url, ethers.provider, undefined)).getAddress()).to.equal(account);
    const named = address(new Wallet(STRANGER_KEY).address);
    expect((await openExternalSigner(url, ethers.provider, named)).account).to.equal(named);
    await failsWith(openExternalSigner(url, ethers.provider, address(`0x${"11".repeat(20)}`)), /does not have 0x1111/);
    answer = () => ({ result: "none" });
    await failsWith(openExternalSigner(url, ethers.provider, undefined), /it has no account/);
  });

  it("that fails says why, and one that is not there too", async () => {
    for (const [given, said] of [
      [{ error: { code: 4001, message: "denied by policy" } }, /denied by policy/],
      [{ error: { code: 4001, message: 7 } }, /no reason given/],
      [{}, /gives no result/],
      [null, /gives no result/],
    ] as const) {
      answer = () => given;
      await failsWith(openExternalSigner(url, ethers.provider, undefined), said);
    }
    await failsWith(openExternalSigner("http://127.0.0.1:1", ethers.provider, undefined), /does not answer/);
  });

  it("signs a transaction without sending it, as itself alone", async () => {
    const request = {
      to: account,
      data: "0x",
      nonce: 3,
      gasLimit: 21_000n,
      maxFeePerGas: 9n,
      maxPriorityFeePerGas: 1n,
    };
    const whole = { ...request, type: 2, chainId: 31_337, value: 0n };
    const raw = await key.signTransaction(whole);
    for (const given of [raw, { raw, tx: {} }]) {
      answer = () => ({ result: given });
      expect(Transaction.from(await signer.signTransaction(whole)).from).to.equal(key.address);
    }
    expect(asked[0]).to.deep.equal({
      method: "eth_signTransaction",
      params: [
        {
          from: account,
          to: account,
          data: "0x",
          nonce: "0x3",
          gas: "0x5208",
          maxFeePerGas: "0x9",
          maxPriorityFeePerGas: "0x1",
          value: "0x0",
          chainId: "0x7a69",
          type: "0x2",
        },
      ],
    });
    answer = () => ({ result: "not hex" });
    await failsWith(signer.signTransaction(whole), /no transaction/);
    const other = await new Wallet(STRANGER_KEY).signTransaction(whole);
    answer = () => ({ result: other });
    await failsWith(signer.signTransaction(whole), /it signed as 0x90F79bf6/);
  });

  it("is asked again in the older way only when it does not know the newer", async () => {
    const signature = await key.signTypedData({ name: "x" }, TYPES, { text: "hello" });
    const sign = () => signer.signTypedData({ name: "x" }, TYPES, { text: "hello" });
    answer = ({ method }) =>
      method === "eth_signTypedData_v4"
        ? { error: { code: -32_601, message: "no such method" } }
        : { result: signature };
    expect(await sign()).to.equal(signature);
    expect(asked.map(({ method }) => method)).to.deep.equal(["eth_signTypedData_v4", "eth_signTypedData"]);
    expect(asked[1]?.params[1], "as text").to.be.a("string");
    answer = () => ({ error: { code: 4001, message: "denied" } });
    await failsWith(sign(), /denied/);
    expect(asked.length, "a refusal stands").to.equal(3);
    answer = () => ({ result: 5 });
    await failsWith(sign(), /no signature/);
  });

  it("signs no plain text", async () => {
    await failsWith(signer.signMessage(), /never signed/);
    expect(asked).to.deep.equal([]);
  });

  it("sends by its own node, which this one hears of", async () => {
    const elsewhere = signer.connect(ethers.provider);
    expect(elsewhere.account).to.equal(account);
    answer = async ({ params: [call] }) => {
      const request = call as Record<string, string>;
      return { result: await ethers.provider.send("eth_sendTransaction", [request]) };
    };
    const sent = await elsewhere.sendTransaction({ to: account, value: 1n });
    expect((await sent.wait())?.status).to.equal(1);
    answer = () => ({ result: "0x12" });
    await failsWith(elsewhere.sendTransaction({ to: account }), /no hash/);
  });

  it("whose transaction never comes up is not waited for without end", async function () {
    this.timeout(40_000);
    answer = () => ({ result: `0x${"12".repeat(32)}` });
    const failure: unknown = await signer.sendTransaction({ to: account }).catch((reason: unknown) => reason);
    expect(failure).to.be.instanceOf(TransactionUnconfirmed);
  });
});
