import type { Address } from "../units/index.js";

/** One thing that is wrong, and where: what a co-signer found that it would have done otherwise. */
export interface Finding {
  /** For example `block 214 of 0x…, step 3`. */
  readonly where: string;
  /** For example `80 wei credited, recomputed 0 wei: tooSlow`. */
  readonly what: string;
}

/** A co-signer's answer when it does not sign. */
export interface Refusal {
  readonly status: "refused";
  readonly seq: bigint;
  /** Never empty. */
  readonly findings: readonly Finding[];
}

/** Most findings that are listed of one block: what follows a first lie is often only its consequence. */
export const MAX_FINDINGS = 32;

/** Put a finding on one line. */
export function describeFinding({ where, what }: Finding): string {
  return `${where}: ${what}`;
}

/** Name a block of a router, or one of its steps. */
export function placeOf(router: Address, height: bigint, step?: number): string {
  return `block ${height} of ${router}${step === undefined ? "" : `, step ${step}`}`;
}
