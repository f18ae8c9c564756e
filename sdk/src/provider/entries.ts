import { deltasById } from "../events/attested.js";
import type { Debit } from "../ledger/debits.js";
import type { ProviderId, UMor, UnixSeconds } from "../units/brands.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import { providerId } from "../units/integers.js";
import type { StandingAttestation } from "./attestations.js";
import type { LedgerEvent } from "./ledgerEvents.js";

/** What happened: which way an amount went. */
export type HistoryEntryKind =
  /** Credited by an attestation, active from `activeAt` on. */
  | "credited"
  /** A credit was dropped with its attestation. */
  | "vetoed"
  /** A claim paid credits. */
  | "paid"
  /** A share of a season was paid. */
  | "awarded"
  /** A claim or an award found the provider due, and its payout address could not be paid: it stays owed. */
  | "unpayable"
  /** A debit became debt. */
  | "debited"
  /** Debt was netted against a claim or an award. */
  | "netted"
  /** Debt was covered by the bond at the exit. */
  | "covered";

/** One thing that happened to a provider. */
export interface HistoryEntry {
  readonly id: ProviderId;
  readonly kind: HistoryEntryKind;
  readonly amountUMor: UMor;
  /** The attestation it belongs to, where there is one. */
  readonly seq: bigint | undefined;
  /** Only for credits. */
  readonly activeAt: UnixSeconds | undefined;
  /** Only for debits: hash of the reason. */
  readonly reasonHash: Debit["reasonHash"] | undefined;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** What folding an event brought to light beside it. */
export interface EventEffects {
  readonly netted: ReadonlyMap<ProviderId, bigint>;
  readonly dropped: readonly StandingAttestation[];
}

/** Entries of an event for the providers `ids`. Pure. */
export function entriesOf(
  event: LedgerEvent,
  { netted, dropped }: EventEffects,
  ids: ReadonlySet<ProviderId>,
): HistoryEntry[] {
  if (ids.size === 0) return [];
  const { blockNumber, transactionHash } = event;
  const entry = (kind: HistoryEntryKind, id: ProviderId, amount: bigint, more: Partial<HistoryEntry> = {}) => {
    const nothing = { seq: undefined, activeAt: undefined, reasonHash: undefined };
    return { id, kind, amountUMor: amount as UMor, ...nothing, blockNumber, transactionHash, ...more };
  };
  const own = (deltas: ReadonlyMap<number, bigint>) =>
    [...ids].flatMap((id): [ProviderId, bigint][] => {
      const delta = deltas.get(Number(id)) ?? 0n;
      return delta === 0n ? [] : [[id, delta]];
    });
  const nettings = (more: Partial<HistoryEntry> = {}) =>
    [...netted].filter(([id]) => ids.has(id)).map(([id, amount]) => entry("netted", id, amount, more));
  switch (event.name) {
    case "attested": {
      const { seq, activeAt, deltas } = event.value;
      return own(deltasById(deltas)).map(([id, delta]) => entry("credited", id, delta, { seq, activeAt }));
    }
    case "vetoed":
      return dropped.flatMap(({ seq, deltas }) =>
        own(deltas).map(([id, delta]) => entry("vetoed", id, delta, { seq })),
      );
    case "claimed": {
      const { seq, payments } = event.value;
      const paid = payments.filter(({ id }) => ids.has(id));
      return [...paid.map(({ id, amountUMor }) => entry("paid", id, amountUMor, { seq })), ...nettings({ seq })];
    }
    case "awardsPaid": {
      const paid = event.value.payments.filter(({ id }) => ids.has(id));
      return [...paid.map(({ id, amountUMor }) => entry("awarded", id, amountUMor)), ...nettings()];
    }
    case "paymentFailed":
      return ids.has(event.value.id) ? [entry("unpayable", event.value.id, event.value.amountUMor)] : [];
    case "debited": {
      const { id, amountUMor, seq, reasonHash } = event.value;
      return ids.has(id) ? [entry("debited", id, amountUMor, { seq, reasonHash })] : [];
    }
    case "bondWithdrawn": {
      const { id, coveredWei } = event.value;
      const covered = coveredWei / WEI_PER_UMOR;
      return ids.has(id) && covered > 0n ? [entry("covered", providerId(id), covered)] : [];
    }
    default:
      return [];
  }
}
