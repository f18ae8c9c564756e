import type { Address, Hash32, Wei } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** A router's block of 12 seconds: the reports it judged, linked to the block before (design 2). */
export interface InferenceBlock {
  /** Signs. */
  readonly router: Address;
  readonly height: bigint;
  /** EIP-712 digest of the router's previous block; zero for its first. */
  readonly previousHash: Hash32;
  readonly reportsRoot: Hash32;
  readonly reportCount: bigint;
  /** Sum of the block's credits in wei. */
  readonly creditWei: Wei;
}

/** EIP-712 description of `InferenceBlock`, signed by the router. */
export const inferenceBlockMessage = defineMessage<InferenceBlock>(
  "InferenceBlock",
  [
    { name: "router", type: "address" },
    { name: "height", type: "uint64" },
    { name: "previousHash", type: "bytes32" },
    { name: "reportsRoot", type: "bytes32" },
    { name: "reportCount", type: "uint64" },
    { name: "creditWei", type: "uint256" },
  ],
  { signer: "router" },
);
