import {
  AbstractSigner,
  Transaction,
  toQuantity,
  TypedDataEncoder,
  type Provider,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";
import { parseAddress } from "../crypto/index.js";
import { isHexBytes } from "../crypto/hex.js";
import { TransactionUnconfirmed } from "../errors/chain.js";
import { ExternalSignerFailed } from "../errors/cli.js";
import type { Address } from "../units/index.js";
import { postJson } from "./http.js";

const METHOD_NOT_FOUND = new Set([-32_601, -32_004]);
const LOOKS = 60;
const LOOK_MS = 250;

/** How an external signer is reached and asked. */
class SignerLine {
  #id = 0;

  constructor(readonly url: string) {}

  /** @throws ExternalSignerFailed, whose cause is the code of the answer */
  async ask(method: string, params: readonly unknown[]): Promise<unknown> {
    let answer: { readonly json: unknown };
    try {
      answer = await postJson(this.url, { jsonrpc: "2.0", id: ++this.#id, method, params });
    } catch (cause) {
      throw new ExternalSignerFailed(method, "it does not answer", cause);
    }
    const { result, error } = (answer.json ?? {}) as {
      result?: unknown;
      error?: { code?: unknown; message?: unknown };
    };
    if (error !== undefined && error !== null) {
      throw new ExternalSignerFailed(method, wordsOfAnswer(error.message), error.code);
    }
    if (result === undefined) throw new ExternalSignerFailed(method, "it gives no result");
    return result;
  }
}

/**
 * A signer in another process, by JSON-RPC: `eth_accounts`, `eth_sendTransaction`, `eth_signTypedData_v4`. Web3Signer speaks
 * it, and so does a node with unlocked accounts. Keys never come into this process.
 */
export class ExternalSigner extends AbstractSigner<Provider> {
  readonly #line: SignerLine;

  constructor(
    readonly url: string,
    readonly account: Address,
    provider: Provider,
  ) {
    super(provider);
    this.#line = new SignerLine(url);
  }

  getAddress(): Promise<string> {
    return Promise.resolve(this.account);
  }

  connect(provider: Provider): ExternalSigner {
    return new ExternalSigner(this.url, this.account, provider);
  }

  /** Sign and send; the signer sends it to its own node, this one has to hear of it. @throws ExternalSignerFailed */
  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const hash = await this.#line.ask("eth_sendTransaction", [
      this.#quantities(await this.populateTransaction(request)),
    ]);
    if (!isHexBytes(hash, 32)) throw new ExternalSignerFailed("eth_sendTransaction", "its answer is no hash");
    for (let look = 0; look < LOOKS; look++) {
      const sent = await this.provider.getTransaction(hash);
      if (sent !== null) return sent;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new TransactionUnconfirmed(hash, "the node has not heard of it");
  }

  /** Sign without sending: for who sends by itself, such as a relayer. @throws ExternalSignerFailed */
  override async signTransaction(request: TransactionRequest): Promise<string> {
    const answer = await this.#line.ask("eth_signTransaction", [this.#quantities(request)]);
    const raw = typeof answer === "object" && answer !== null && "raw" in answer ? answer.raw : answer;
    if (!isHexBytes(raw)) throw new ExternalSignerFailed("eth_signTransaction", "its answer is no transaction");
    const { from } = Transaction.from(raw);
    if (from !== this.account) throw new ExternalSignerFailed("eth_signTransaction", `it signed as ${String(from)}`);
    return raw;
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const payload = TypedDataEncoder.getPayload(domain, types, value) as unknown;
    const ask = (method: string, data: unknown) => this.#line.ask(method, [this.account.toLowerCase(), data]);
    const answer = await ask("eth_signTypedData_v4", payload).catch((error: unknown) => {
      // Older signers know the same method without its version, and take the data as text.
      const isUnknown = error instanceof ExternalSignerFailed && METHOD_NOT_FOUND.has(Number(error.cause));
      if (!isUnknown) throw error;
      return ask("eth_signTypedData", JSON.stringify(payload));
    });
    if (!isHexBytes(answer)) throw new ExternalSignerFailed("eth_signTypedData_v4", "its answer is no signature");
    return answer;
  }

  override signMessage(): Promise<string> {
    return Promise.reject(new ExternalSignerFailed("personal_sign", "plain texts are never signed here"));
  }

  #quantities(request: TransactionRequest): Record<string, unknown> {
    const { to, data, type, nonce, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas, value, chainId } = request;
    const numbers = { nonce, gas: gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas, value, chainId, type };
    const written = Object.entries(numbers).flatMap(([name, figure]) =>
      figure === undefined || figure === null ? [] : [[name, toQuantity(figure)] as const],
    );
    return { from: this.account, to, data: data ?? "0x", ...Object.fromEntries(written) };
  }
}

/** Connect to an external signer: its first account, or the one that is named. @throws ExternalSignerFailed */
export async function openExternalSigner(
  url: string,
  provider: Provider,
  wanted: Address | undefined,
): Promise<ExternalSigner> {
  const answer = await new SignerLine(url).ask("eth_accounts", []);
  const accounts = (Array.isArray(answer) ? (answer as unknown[]) : []).flatMap((one) => parseAddress(one) ?? []);
  const account = wanted === undefined ? accounts[0] : accounts.find((one) => one === wanted);
  if (account === undefined) {
    throw new ExternalSignerFailed(
      "eth_accounts",
      wanted === undefined ? "it has no account" : `it does not have ${wanted}`,
    );
  }
  return new ExternalSigner(url, account, provider);
}

function wordsOfAnswer(message: unknown): string {
  return typeof message === "string" ? message.slice(0, 200) : "no reason given";
}
