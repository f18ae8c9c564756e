import type { Result } from "ethers";
import { accessManagerAbi } from "../abi/accessManager.js";
import { computeContractAbi } from "../abi/computeContract.js";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import { routerSetAbi } from "../abi/routerSet.js";
import type { RouterSetEntry } from "../router/set.js";
import type { Address, Hash32, Hex, UnixSeconds } from "../units/brands.js";
import { defineEvent } from "./define.js";

/** The router set in force changed: what was signed for the old one is void (design 10). */
export interface RouterSetChanged {
  readonly digest: Hash32;
  readonly epoch: number;
  readonly threshold: number;
  readonly routers: readonly RouterSetEntry[];
}

/** Tokens other than MOR, sent to a contract by mistake, were sent on. */
export interface TokenRescued {
  readonly token: Address;
  readonly to: Address;
  readonly amount: bigint;
}

/** A call was scheduled: it may be sent from `readyAt` on. */
export interface OperationScheduled {
  readonly operationId: Hash32;
  readonly nonce: bigint;
  readonly readyAt: UnixSeconds;
  readonly caller: Address;
  readonly target: Address;
  readonly data: Hex;
}

/** A scheduled call was taken back. */
export interface OperationCanceled {
  readonly operationId: Hash32;
  readonly nonce: bigint;
}

/** Reads `RouterSetChanged`. */
export const routerSetChangedEvent = defineEvent<RouterSetChanged>(
  "routers",
  routerSetAbi,
  "RouterSetChanged",
  (args) => ({
    digest: args["digest"] as Hash32,
    epoch: Number(args["epoch"] as bigint),
    threshold: Number(args["threshold"] as bigint),
    routers: (args["routers"] as Result).map((router: Result) => ({
      account: router["account"] as Address,
      isContract: router["isContract"] as boolean,
    })),
  }),
);

/** Reads `TokenRescued` of the compute contract. */
export const tokenRescuedEvent = defineEvent<TokenRescued>("compute", computeContractAbi, "TokenRescued", rescued);

/** Reads `RegistryTokenRescued`. */
export const registryTokenRescuedEvent = defineEvent<TokenRescued>(
  "registry",
  providerRegistryAbi,
  "RegistryTokenRescued",
  rescued,
);

/** Reads `OperationScheduled` of the authority. */
export const operationScheduledEvent = defineEvent<OperationScheduled>(
  "authority",
  accessManagerAbi,
  "OperationScheduled",
  (args) => ({
    operationId: args["operationId"] as Hash32,
    nonce: args["nonce"] as bigint,
    readyAt: args["schedule"] as UnixSeconds,
    caller: args["caller"] as Address,
    target: args["target"] as Address,
    data: args["data"] as Hex,
  }),
);

/** Reads `OperationCanceled` of the authority. */
export const operationCanceledEvent = defineEvent<OperationCanceled>(
  "authority",
  accessManagerAbi,
  "OperationCanceled",
  (args) => ({ operationId: args["operationId"] as Hash32, nonce: args["nonce"] as bigint }),
);

function rescued(args: Result): TokenRescued {
  return { token: args["token"] as Address, to: args["to"] as Address, amount: args["amount"] as bigint };
}
