import { YellowstoneError } from "./base.js";
import { describeValue } from "./describeValue.js";

/** The node asks for fewer requests: HTTP 429, or 503 with a date. */
export class RequestRateLimited extends YellowstoneError<{ retryAfterMs: number | undefined }> {
  constructor(retryAfterMs: number | undefined, cause?: unknown) {
    super(`the node refuses more requests${retryAfterMs === undefined ? "" : ` for ${retryAfterMs} ms`}`, {
      code: "RequestRateLimited",
      data: { retryAfterMs },
      next: "Wait as long as the node asks, then send the request again.",
      retry: "later",
      cause,
    });
  }
}

/** The node did not answer in time. Whether it did what it was asked is not known. */
export class RequestTimedOut extends YellowstoneError<{ request: string; timeoutMs: number }> {
  constructor(request: string, timeoutMs: number) {
    super(`${request}: no answer within ${timeoutMs} ms`, {
      code: "RequestTimedOut",
      data: { request, timeoutMs },
      next: "Ask again; a transaction that was sent is looked up by its hash first.",
      retry: "now",
    });
  }
}

/** The node serves another chain than the deployment's. Nothing is decided or sent on its word. */
export class ChainChanged extends YellowstoneError<{ expected: bigint; actual: bigint }> {
  constructor(expected: bigint, actual: bigint) {
    super(`expected chain ${expected}, the node serves chain ${actual}`, {
      code: "ChainChanged",
      data: { expected, actual },
      next: "Check the node's address; what was signed is good for the right chain only.",
      retry: "later",
    });
  }
}

/** A signal ended the wait. What was signed is kept, and goes on when the relayer runs again. */
export class RelayAborted extends YellowstoneError {
  constructor(cause: unknown) {
    super("relayer: stopped by its signal", {
      code: "RelayAborted",
      data: {},
      next: "Run it again when it should go on.",
      retry: "now",
      cause,
    });
  }
}

/** A setting of the relayer is out of its range. */
export class InvalidRelaySetting extends YellowstoneError<{ setting: string; expected: string; actual: string }> {
  constructor(setting: string, expected: string, actual: unknown) {
    const found = describeValue(actual);
    super(`relayer: ${setting} must be ${expected}, got ${found}`, {
      code: "InvalidRelaySetting",
      data: { setting, expected, actual: found },
      next: `Set ${setting} to ${expected}.`,
      retry: "no",
    });
  }
}

/** The sender cannot sign a transaction without sending it, or signs another one than it was given. */
export class RelaySenderUnfit extends YellowstoneError<{ reason: string }> {
  constructor(reason: string, cause?: unknown) {
    super(`relayer: the sender ${reason}`, {
      code: "RelaySenderUnfit",
      data: { reason },
      next: "Give a signer that holds its key, such as a Wallet: what is sent is stored before it is sent.",
      retry: "no",
      cause,
    });
  }
}

/** The sender cannot pay for a transaction. Amounts in wei of the chain's own coin. */
export class RelaySenderPoor extends YellowstoneError<{ balanceWei: bigint; neededWei: bigint }> {
  constructor(balanceWei: bigint, neededWei: bigint) {
    super(`relayer: the sender has ${balanceWei} wei, the transaction may need ${neededWei} wei`, {
      code: "RelaySenderPoor",
      data: { balanceWei, neededWei },
      next: "Fund the sender; the job waits.",
      retry: "later",
    });
  }
}

/** Gas costs more than the policy allows. Amounts in wei a gas. */
export class RelayFeeAboveCap extends YellowstoneError<{ feePerGasWei: bigint; capWei: bigint }> {
  constructor(feePerGasWei: bigint, capWei: bigint) {
    super(`relayer: gas costs ${feePerGasWei} wei, the cap is ${capWei} wei`, {
      code: "RelayFeeAboveCap",
      data: { feePerGasWei, capWei },
      next: "Wait until gas is cheaper, or raise maxFeePerGasWei.",
      retry: "later",
    });
  }
}

/** A payment would not be worth its fee. Both in wei of the chain's own coin. */
export class RelayUnprofitable extends YellowstoneError<{ valueWei: bigint; feeWei: bigint; percent: number }> {
  constructor(valueWei: bigint, feeWei: bigint, percent: number) {
    super(`relayer: what is due is worth ${valueWei} wei, the fee is ${feeWei} wei, wanted are ${percent} % of it`, {
      code: "RelayUnprofitable",
      data: { valueWei, feeWei, percent },
      next: "Wait until more is due or gas is cheaper; payments never expire.",
      retry: "later",
    });
  }
}

/** What cannot be divided any more does not fit a transaction. */
export class RelayTooLarge extends YellowstoneError<{ bytes: number; gas: bigint; maxBytes: number; maxGas: bigint }> {
  constructor(bytes: number, gas: bigint, maxBytes: number, maxGas: bigint) {
    super(`relayer: ${bytes} bytes and ${gas} gas, limits ${maxBytes} and ${maxGas}`, {
      code: "RelayTooLarge",
      data: { bytes, gas, maxBytes, maxGas },
      next: "Use the limits of the chain the contract is deployed to; write attestations with the same limits.",
      retry: "no",
    });
  }
}

/** What was to be posted can never be accepted: something else stands in its place. */
export class RelaySuperseded extends YellowstoneError<{ what: string; onChain: string }> {
  constructor(what: string, onChain: string, cause?: unknown) {
    super(`relayer: ${what} has lost its place: ${onChain}`, {
      code: "RelaySuperseded",
      data: { what, onChain },
      next: "Read the chain; have the routers propose again if what was lost is still wanted.",
      retry: "no",
      cause,
    });
  }
}

/** A nonce is used, and neither its own transaction nor another one of the sender was found in a block yet. */
export class RelayNonceUncertain extends YellowstoneError<{ nonce: number }> {
  constructor(nonce: number) {
    super(`relayer: nonce ${nonce} is used, by which transaction is not known yet`, {
      code: "RelayNonceUncertain",
      data: { nonce },
      next: "Wait, or ask a node that has the blocks since it was sent; nothing is signed again before.",
      retry: "later",
    });
  }
}

/** No job has this id. */
export class RelayJobUnknown extends YellowstoneError<{ id: string }> {
  constructor(id: string) {
    super(`relayer: no job ${id}`, {
      code: "RelayJobUnknown",
      data: { id },
      next: "Give the id that the verb returned; finished jobs are forgotten after their retention.",
      retry: "no",
    });
  }
}
