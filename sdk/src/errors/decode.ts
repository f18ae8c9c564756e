import { AbiCoder, Interface, isError } from "ethers";
import { contractErrorsAbi } from "../abi/contractErrors.js";
import { isHexBytes } from "../crypto/hex.js";
import type { Hex } from "../units/brands.js";
import { YellowstoneError, type Retry } from "./base.js";
import {
  ChainRequestFailed,
  ContractPanic,
  ContractReverted,
  RevertedWithoutReason,
  UnknownContractError,
} from "./chain.js";
import { RequestRateLimited } from "./relayer.js";
import { isOverload, isTransient, rateLimitOf } from "./request.js";
import { findRevertData } from "./revertData.js";
import * as classes from "./contract/index.js";
import type { ContractError, ContractErrorName } from "./contract/define.js";

const ERROR_SELECTOR = "0x08c379a0";
const PANIC_SELECTOR = "0x4e487b71";
const WHEN_FUNDED = new Set(["INSUFFICIENT_FUNDS", "NONCE_EXPIRED", "REPLACEMENT_UNDERPRICED"]);

type AnyClass = new (data: object, cause?: unknown) => ContractError;

let cachedErrors: Interface | undefined;

/**
 * Turn whatever a call failed with into a typed error: revert data, or an error of ethers, a node or a wallet with revert data
 * somewhere inside. An error of this SDK is given back as it is. Never throws.
 *
 * @example
 * try { await intake.send(d, {}) } catch (e) { if (decodeError(e).retry === "later") wait() }
 */
export function decodeError(error: unknown): YellowstoneError {
  if (error instanceof YellowstoneError) return error as YellowstoneError;
  if (isHexBytes(error)) return decodeData(error, undefined);
  const data = findRevertData(error);
  if (data !== undefined) return decodeData(data, error);
  return isError(error, "CALL_EXCEPTION") && !isOverload(error)
    ? new RevertedWithoutReason(error)
    : failedRequest(error);
}

function decodeData(data: Hex, cause: unknown): YellowstoneError {
  if (data.length < 10) return new RevertedWithoutReason(cause);
  try {
    return decodeKnown(data, cause) ?? new UnknownContractError(data, cause);
  } catch {
    // A known selector with arguments of another shape is another contract's error.
    return new UnknownContractError(data, cause);
  }
}

function decodeKnown(data: Hex, cause: unknown): YellowstoneError | undefined {
  const selector = data.slice(0, 10);
  if (selector === ERROR_SELECTOR) return new ContractReverted(argument<string>("string", data), cause);
  if (selector === PANIC_SELECTOR) return new ContractPanic(argument<bigint>("uint256", data), cause);
  const parsed = contractErrors().parseError(data);
  if (parsed === null) return undefined;
  // A test proves that every error of the ABI has its class.
  const Class = classes[parsed.name as ContractErrorName] as unknown as AnyClass;
  return new Class(parsed.args.toObject(), cause);
}

function argument<T>(type: string, data: Hex): T {
  return AbiCoder.defaultAbiCoder().decode([type], `0x${data.slice(10)}`)[0] as T;
}

function contractErrors(): Interface {
  cachedErrors ??= new Interface(contractErrorsAbi);
  return cachedErrors;
}

function failedRequest(error: unknown): YellowstoneError {
  const limit = rateLimitOf(error);
  if (limit !== undefined) return new RequestRateLimited(limit.retryAfterMs, error);
  const { code, shortMessage, message } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    shortMessage?: unknown;
    message?: unknown;
  };
  const name = typeof code === "string" ? code : "";
  const retry: Retry = isTransient(error) ? "now" : WHEN_FUNDED.has(name) ? "later" : "no";
  const reason = [shortMessage, message].find((text) => typeof text === "string") ?? "no message";
  return new ChainRequestFailed(`${name === "" ? "" : `${name}: `}${String(reason).slice(0, 200)}`, retry, error);
}
