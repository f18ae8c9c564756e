import { Transaction, isError, type Provider, type Signer, type TransactionLike } from "ethers";
import { decodeError } from "../errors/decode.js";
import { RelaySenderUnfit } from "../errors/relayer.js";
import type { Address, Hex } from "../units/brands.js";
import type { Variant } from "./state.js";

/** What a node answered to a signed transaction. Only `taken` means that it has it. */
export type Reception =
  | { readonly is: "taken" }
  /** It offers too little, for itself or in place of another one. */
  | { readonly is: "cheap" }
  /** Its nonce is used, by itself or another one. */
  | { readonly is: "used" }
  /** The node will not have it: as it stands, it can never be mined there. */
  | { readonly is: "refused"; readonly failure: Error };

const KNOWN = /already known|known transaction|already imported|already in (the )?(mem)?pool|ALREADY_EXISTS/i;
const CHEAP = /underpriced|fee too low|less than block base fee|maxFeePerGas.*too low|tip.*too low|baseFee exceeds/i;
const USED = /nonce (is )?too low|nonce has already been used|old nonce/i;

/**
 * Sign a transaction without sending it, and check that what was signed is what was meant.
 * @throws RelaySenderUnfit
 */
export async function signVariant(
  signer: Signer,
  sender: Address,
  transaction: TransactionLike,
  isFiller: boolean,
): Promise<Variant> {
  let raw: Hex;
  try {
    raw = (await signer.signTransaction({ ...transaction, from: sender })) as Hex;
  } catch (cause) {
    throw new RelaySenderUnfit("cannot sign a transaction without sending it", cause);
  }
  const signed = Transaction.from(raw);
  const meant = Transaction.from(transaction);
  if (signed.from !== sender || signed.unsignedHash !== meant.unsignedHash || signed.hash === null) {
    throw new RelaySenderUnfit("signed another transaction than it was given");
  }
  return {
    hash: signed.hash as Hex,
    raw,
    maxFeePerGas: signed.maxFeePerGas ?? signed.gasPrice!,
    maxPriorityFeePerGas: signed.maxPriorityFeePerGas ?? signed.gasPrice!,
    isFiller,
  };
}

/** Hand a signed transaction to a node. @throws what a request fails with; whether the node has it is not known then */
export async function transmit(provider: Provider, { raw }: Variant): Promise<Reception> {
  try {
    await provider.broadcastTransaction(raw);
    return { is: "taken" };
  } catch (error) {
    const said = wordsOf(error);
    if (KNOWN.test(said)) return { is: "taken" };
    if (isError(error, "REPLACEMENT_UNDERPRICED") || CHEAP.test(said)) return { is: "cheap" };
    if (isError(error, "NONCE_EXPIRED") || USED.test(said)) return { is: "used" };
    const failure = decodeError(error);
    if (failure.retry === "now" || failure.code === "RequestRateLimited") throw failure;
    return { is: "refused", failure };
  }
}

function wordsOf(error: unknown): string {
  const {
    message,
    info,
    error: inner,
  } = error as {
    message?: unknown;
    info?: { error?: { message?: unknown } };
    error?: { message?: unknown };
  };
  return [message, info?.error?.message, inner?.message].filter((each) => typeof each === "string").join("; ");
}
