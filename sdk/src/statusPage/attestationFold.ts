import type { UMor, UnixSeconds } from "../units/brands.js";
import type { AttestationRow } from "./snapshot.js";
import type { StatusEvent } from "./statusEvents.js";

/** An attestation without its standing, which depends on the moment. */
type Known = Omit<AttestationRow, "standing"> & { readonly vetoed: boolean };

/** Most that can be pending, and some of those before: what the page can be asked for. */
const KEPT = 256 + 64;

/** The last attestations, from events. */
export class AttestationFoldRows {
  readonly #activationDelay: bigint;
  readonly #known: Map<bigint, Known>;
  #debits: { readonly seq: bigint; readonly sumUMor: UMor } | undefined;

  constructor(activationDelay: bigint, known: Iterable<readonly [bigint, Known]> = []) {
    this.#activationDelay = activationDelay;
    this.#known = new Map(known);
  }

  /** An independent copy. Only between transactions: at the end of a block. */
  clone(): AttestationFoldRows {
    return new AttestationFoldRows(this.#activationDelay, this.#known);
  }

  /** Book an event; `providers` is how many an attestation credits. */
  apply(event: StatusEvent, providers: number): void {
    if (event.name === "debitsAttested") this.#debits = event.value;
    if (event.name === "attested") {
      const { seq, creditedUMor, firstBlock, lastBlock, activeAt } = event.value;
      const debitsUMor = this.#debits?.seq === seq ? this.#debits.sumUMor : (0n as UMor);
      const postedAt = (activeAt - this.#activationDelay) as UnixSeconds;
      const added = { seq, creditedUMor, debitsUMor, providers, firstBlock, lastBlock, postedAt, activeAt };
      this.#known.set(seq, { ...added, vetoed: false });
      for (const old of this.#known.keys()) if (old + BigInt(KEPT) <= seq) this.#known.delete(old);
    }
    if (event.name === "vetoed") {
      const { seq, lastDroppedSeq } = event.value;
      for (const [at, row] of this.#known)
        if (at >= seq && at <= lastDroppedSeq) this.#known.set(at, { ...row, vetoed: true });
    }
  }

  /** Rows at a moment of the chain, newest first: all that are pending, and `others` of those that are not. */
  rows(at: bigint, others: number): AttestationRow[] {
    const rows: AttestationRow[] = [];
    let left = others;
    for (const { vetoed, ...row } of [...this.#known.values()].reverse()) {
      const standing = vetoed ? "vetoed" : row.activeAt <= at ? "active" : "pending";
      if (standing === "pending" || left-- > 0) rows.push({ ...row, standing });
    }
    return rows;
  }
}
