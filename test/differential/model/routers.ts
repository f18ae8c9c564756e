import { hex, keccak } from "../wire/bytes.js";
import type { Log, Reasons } from "./outcome.js";

/** A router and how it signs. */
export interface Router {
  readonly account: bigint;
  readonly isContract: boolean;
}

/** A router set as a quorum brings it along. */
export interface RouterSetValue {
  readonly epoch: bigint;
  readonly threshold: bigint;
  readonly routers: readonly Router[];
}

/** What is wrong with one signature of a quorum. */
export type SignatureFlaw = "length" | "malleable" | "other message";

/** A quorum: the set, places of the signers in it, and what is wrong with it. */
export interface Quorum {
  readonly set: RouterSetValue;
  readonly signers: readonly number[];
  readonly flaw?: { readonly signer: number; readonly kind: SignatureFlaw; readonly length: bigint };
  /** Bytes behind the last signature. */
  readonly trailing?: { readonly expected: bigint; readonly actual: bigint };
}

/** The packed form of a set. */
export function packSet({ epoch, threshold, routers }: RouterSetValue): string {
  const list = routers.map(({ account, isContract }) => (isContract ? "01" : "00") + hex(account, 20));
  return hex(epoch, 4) + hex(threshold, 1) + hex(routers.length, 1) + list.join("");
}

/** The digest that a signed message names. */
export const digestOf = (set: RouterSetValue): bigint => keccak(packSet(set));

/** Routers in force (SPEC S5). */
export class Routers {
  set: RouterSetValue;

  constructor(routers: readonly Router[], threshold: bigint) {
    this.set = { epoch: 1n, threshold, routers };
  }

  /** Digest of the set in force. */
  get digest(): bigint {
    return digestOf(this.set);
  }

  /** Put another set into force. */
  change(routers: readonly Router[], threshold: bigint): Log[] {
    const epoch = this.set.epoch + 1n;
    this.set = { epoch, threshold, routers };
    const list = routers.map(({ account, isContract }) => [account, isContract ? 1n : 0n]);
    return [{ place: "routers", event: "RouterSetChanged", args: [this.digest, epoch, threshold, list] }];
  }

  /** Reasons to refuse `quorum` over a message that names `signedSet`. */
  check(reasons: Reasons, signedSet: bigint, { set, signers, flaw, trailing }: Quorum): void {
    const { digest } = this;
    const given = digestOf(set);
    reasons.when(signedSet !== digest, "RouterSetStale", signedSet, digest);
    reasons.when(given !== digest, "RouterSetUnknown", given, digest);
    const mask = signers.reduce((sum, i) => sum | (1n << BigInt(i)), 0n);
    const count = BigInt(set.routers.length);
    reasons.when(
      signers.some((i) => i >= set.routers.length),
      "RouterSignersUnknown",
      mask,
      count,
    );
    reasons.when(BigInt(signers.length) < set.threshold, "RouterQuorumMissing", BigInt(signers.length), set.threshold);
    if (trailing) reasons.when(true, "RouterQuorumLength", trailing.expected, trailing.actual);
    if (flaw === undefined) return;
    const { account } = set.routers[flaw.signer]!;
    reasons.when(flaw.kind === "length", "RouterSignatureLength", account, flaw.length);
    reasons.when(flaw.kind === "malleable", "RouterSignatureMalleable", account);
    reasons.when(flaw.kind === "other message", "RouterSignatureInvalid", account);
  }
}
