import type { BlockTag, Signer, TransactionRequest, TransactionResponse } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import { decodeError } from "../errors/decode.js";
import { SignerMissing } from "../errors/deployment.js";
import type { UnsignedCall } from "./write.js";

/** How a simulation is run. */
export interface SimulateOptions {
  /** Who calls; the runner's own address if it is a signer. */
  readonly from?: string;
  readonly blockTag?: BlockTag;
}

/** How a transaction is sent. Fees and nonce are the runner's unless given. */
export interface SendOptions {
  /** Gas limit; without it the estimate and a margin. */
  readonly gasLimit?: bigint;
  /** Margin above the estimate in percent; 15 without it. */
  readonly gasMarginPercent?: number;
  readonly nonce?: number;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
}

const MARGIN_PERCENT = 15;
/** EIP-7825: most gas a transaction may ask for. A margin must not lift a call above it that fits without. */
const TRANSACTION_GAS_MAX = 1n << 24n;

/** Signer of a deployment. @throws SignerMissing */
export function senderOf(d: Deployment, verb: string): Signer {
  if (!("getAddress" in d.runner) || d.runner.sendTransaction === undefined) throw new SignerMissing(verb);
  return d.runner as Signer;
}

/** Run a call without sending it. @throws the decoded error. */
export async function simulateCall(d: Deployment, call: UnsignedCall, options: SimulateOptions): Promise<string> {
  try {
    const from = options.from ?? (await runnerAddress(d));
    const request: TransactionRequest = { ...call, ...(from === undefined ? {} : { from }) };
    if (options.blockTag !== undefined) request.blockTag = options.blockTag;
    return await d.provider.call(request);
  } catch (cause) {
    throw decodeError(cause);
  }
}

/** Simulate a call so that a refusal is decoded, estimate its gas, then send it. @throws the decoded error. */
export async function sendCall(
  d: Deployment,
  signer: Signer,
  call: UnsignedCall,
  { gasLimit, gasMarginPercent = MARGIN_PERCENT, ...fees }: SendOptions,
): Promise<TransactionResponse> {
  try {
    const from = await signer.getAddress();
    const request = { ...call, from };
    await d.provider.call(request);
    const limit = gasLimit ?? withMargin(await d.provider.estimateGas(request), gasMarginPercent);
    return await signer.sendTransaction({ ...request, ...fees, gasLimit: limit });
  } catch (cause) {
    throw decodeError(cause);
  }
}

async function runnerAddress({ runner }: Deployment): Promise<string | undefined> {
  return "getAddress" in runner ? (runner as Signer).getAddress() : undefined;
}

function withMargin(estimate: bigint, percent: number): bigint {
  const wanted = estimate + (estimate * BigInt(Math.ceil(percent))) / 100n;
  const capped = wanted < TRANSACTION_GAS_MAX ? wanted : TRANSACTION_GAS_MAX;
  return capped > estimate ? capped : wanted;
}
