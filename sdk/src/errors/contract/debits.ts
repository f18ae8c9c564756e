import { contractError } from "./define.js";

/** Packed debits are not whole entries of 44 bytes, or more than 32 of them. */
export class DebitsLengthInvalid extends contractError("DebitsLengthInvalid", {
  say: ({ length }) => `packed debits of ${length} bytes are not 1 to 32 entries of 44 bytes`,
  next: "Pack at most 32 debits with packDebits.",
  retry: "no",
}) {}

/** A debit takes nothing. */
export class DebitZero extends contractError("DebitZero", {
  say: ({ index }) => `debit ${index} takes 0 uMOR`,
  next: "Leave debits of nothing out.",
  retry: "no",
}) {}

/** The attestation has no debits, or they are booked already, or these are others. */
export class LedgerDebitsUnknown extends contractError("LedgerDebitsUnknown", {
  say: ({ seq, given, recorded }) => `debits ${given} of attestation ${seq}, waiting to be booked are ${recorded}`,
  next: "Book the debits as the event DebitsAttested shows them; a recorded hash of zero means there is nothing to book.",
  retry: "no",
}) {}

/** The debits of a day are above that day's budget. */
export class ReserveDebitRoomExceeded extends contractError("ReserveDebitRoomExceeded", {
  say: ({ requestedWei, roomWei }) => `${requestedWei} wei would be debited today, the day's budget is ${roomWei} wei`,
  next: "Debit what the day's budget holds and leave the rest for the next block-day.",
  retry: "later",
}) {}
