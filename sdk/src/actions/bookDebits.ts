import { hexlify } from "ethers";
import { debitedEvent, type Debited } from "../events/debits.js";
import { packDebits, type Debit } from "../ledger/debits.js";
import { defineWrite, returnsNothing } from "./write.js";

/** Which debits are booked. */
export interface DebitBooking {
  readonly seq: bigint;
  readonly debits: readonly Debit[];
}

/**
 * Book the debits of an active attestation as debts of their providers, once (design 7). Anyone may; `debits` are those that
 * `DebitsAttested` shows. A debt is netted against what the provider is paid next.
 *
 * @throws LedgerAttestationPending, LedgerDebitsUnknown when they are others or booked already
 */
export const bookDebits = defineWrite<DebitBooking, void, readonly Debited[]>({
  verb: "bookDebits",
  contract: "compute",
  method: "debit",
  params: (_, { seq, debits }) => [seq, hexlify(packDebits(debits))],
  returned: returnsNothing,
  outcome: (d, receipt) => debitedEvent.all(receipt, d.addresses.compute),
});
