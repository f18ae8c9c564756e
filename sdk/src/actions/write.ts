import { isError, type BaseContract, type Result, type TransactionReceipt, type TransactionResponse } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import { decodeError } from "../errors/decode.js";
import { InvalidField } from "../errors/input.js";
import type { EventReceipt } from "../events/define.js";
import type { Address, Hex } from "../units/brands.js";
import { senderOf, sendCall, simulateCall, type SendOptions, type SimulateOptions } from "./send.js";
import { waitFor, type WaitOptions } from "./wait.js";

/** A call that anyone can sign and send by any means. */
export interface UnsignedCall {
  readonly to: Address;
  readonly data: Hex;
  /** Ether to send along, in wei; 0 for every verb of this package. */
  readonly value: bigint;
}

/** What a mined transaction did, with the transaction it happened in. */
export interface Mined<Outcome> {
  readonly outcome: Outcome;
  readonly receipt: TransactionReceipt;
}

/** The faces of a write. `Returned` is what the call returns, `Outcome` what its events say. */
export interface Write<Args, Returned, Outcome> {
  /** Name of the verb. */
  readonly verb: string;
  /** Give the unsigned call. Pure. @throws InvalidField naming verb and argument */
  call(d: Deployment, args: Args): UnsignedCall;
  /** Run the call on the head of the chain and give what it returns. @throws the decoded custom error. */
  simulate(d: Deployment, args: Args, options?: SimulateOptions): Promise<Returned>;
  /** Simulate, estimate and send. @throws the decoded custom error, SignerMissing, ChainRequestFailed */
  send(d: Deployment, args: Args, options?: SendOptions): Promise<TransactionResponse>;
  /** Send and wait until it is mined. @throws as `send`; TransactionReverted, TransactionUnconfirmed */
  sendAndWait(d: Deployment, args: Args, options?: SendOptions & WaitOptions): Promise<Mined<Outcome>>;
  /** Read the outcome from a receipt. Pure. @throws EventMissing */
  fromReceipt(d: Deployment, receipt: EventReceipt): Outcome;
}

/** What a verb has of its own. */
export interface WriteSpec<Args, Returned, Outcome> {
  readonly verb: string;
  /** Contract and function that are called. */
  readonly contract: "compute" | "bootstrap" | "registry" | "routers" | "token" | "authority";
  readonly method: string;
  /** Arguments of the function, in order. */
  params(d: Deployment, args: Args): readonly unknown[];
  returned(result: Result): Returned;
  outcome(d: Deployment, receipt: EventReceipt): Outcome;
}

/** `returned` of a verb whose function returns nothing. */
export const returnsNothing = (): void => undefined;

/** Make the faces of a write from what it has of its own. */
export function defineWrite<Args, Returned, Outcome>(
  spec: WriteSpec<Args, Returned, Outcome>,
): Write<Args, Returned, Outcome> {
  const functions = (d: Deployment) => (d[spec.contract] as BaseContract).interface;

  function call(d: Deployment, args: Args): UnsignedCall {
    const data = encode(spec.verb, () => functions(d).encodeFunctionData(spec.method, spec.params(d, args)));
    return Object.freeze({ to: d.addresses[spec.contract], data, value: 0n });
  }

  async function simulate(d: Deployment, args: Args, options: SimulateOptions = {}): Promise<Returned> {
    const returned = await simulateCall(d, call(d, args), options);
    try {
      return spec.returned(functions(d).decodeFunctionResult(spec.method, returned));
    } catch (cause) {
      throw decodeError(cause);
    }
  }

  async function send(d: Deployment, args: Args, options: SendOptions = {}): Promise<TransactionResponse> {
    return sendCall(d, senderOf(d, spec.verb), call(d, args), options);
  }

  async function sendAndWait(d: Deployment, args: Args, options: SendOptions & WaitOptions = {}) {
    const sent = await send(d, args, options);
    const receipt = await waitFor(d, sent, options);
    return { outcome: spec.outcome(d, receipt), receipt };
  }

  const fromReceipt = (d: Deployment, receipt: EventReceipt) => spec.outcome(d, receipt);
  return Object.freeze({ verb: spec.verb, call, simulate, send, sendAndWait, fromReceipt });
}

/** What does not fit the function is the caller's input. */
function encode(verb: string, write: () => string): Hex {
  try {
    return write() as Hex;
  } catch (cause) {
    // ethers' coders know no other fault; what the verb itself refuses is typed already.
    if (!isError(cause, "INVALID_ARGUMENT")) throw cause;
    throw new InvalidField(`${verb}.${cause.argument}`, cause.shortMessage, cause.value, cause);
  }
}
