/// <reference types="node" />
import { createHash } from "node:crypto";
import type { ReportEntry } from "../../ledger/index.js";
import type { Signed } from "../../messages/index.js";
import type { Address, Hash32 } from "../../units/index.js";

/** One thing that changed what the routers know together, in order. */
export type Act =
  | { readonly id: number; readonly kind: "block"; readonly router: Address; readonly height: bigint }
  | { readonly id: number; readonly kind: "accepted"; readonly seq: bigint; readonly digest: Hash32 }
  | { readonly id: number; readonly kind: "vetoed"; readonly seq: bigint };

/** A block as it is kept. */
export interface ArchivedBlock {
  readonly block: Signed<"InferenceBlock">;
  readonly hash: Hash32;
  readonly reports: readonly ReportEntry[];
}

/** Where a report is: its block, and the attestation that pays it. */
export interface ReportPlace {
  readonly router: Address;
  readonly height: bigint;
  readonly seq: bigint | undefined;
}

/** Checksum of a text and the bytes behind it. */
export function sumOf(text: string, bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(text).update("\n").update(bytes).digest();
}
