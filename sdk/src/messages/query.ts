import type { Hash32, UnixMillis } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** The head of a query: binds a prompt, which itself travels beside it, to a match. */
export interface Query {
  /** EIP-712 digest of the `Match`. */
  readonly matchHash: Hash32;
  /** keccak256 of the prompt's bytes. */
  readonly promptHash: Hash32;
  readonly sentAtMs: UnixMillis;
}

/** EIP-712 description of `Query`, signed by the query key of the match. */
export const queryMessage = defineMessage<Query>("Query", [
  { name: "matchHash", type: "bytes32" },
  { name: "promptHash", type: "bytes32" },
  { name: "sentAtMs", type: "uint64" },
]);
