import type { Address, ModelId, UnixMillis, UnixSeconds } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** A user's request for compute. Only routers see it: providers learn the query key, never the user (design 1). */
export interface Rfc {
  /** Holder of the MOR. Signs. */
  readonly user: Address;
  /** One-time key that will sign the query and the report. */
  readonly queryKey: Address;
  readonly modelId: ModelId;
  /** Most tokens (T) the user may be served. */
  readonly tokenMax: bigint;
  readonly issuedAtMs: UnixMillis;
  /** Last second in which the request may be matched. */
  readonly deadlineAt: UnixSeconds;
  /** Any number the user has not used before. */
  readonly nonce: bigint;
}

/** EIP-712 description of `Rfc`, signed by the user. */
export const rfcMessage = defineMessage<Rfc>(
  "Rfc",
  [
    { name: "user", type: "address" },
    { name: "queryKey", type: "address" },
    { name: "modelId", type: "bytes32" },
    { name: "tokenMax", type: "uint64" },
    { name: "issuedAtMs", type: "uint64" },
    { name: "deadlineAt", type: "uint64" },
    { name: "nonce", type: "uint256" },
  ],
  { deadline: "deadlineAt", signer: "user" },
);
