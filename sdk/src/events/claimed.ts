import { computeContractAbi } from "../abi/computeContract.js";
import { hexToBytes } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import type { Address, ProviderId, UMor } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";

/** What one provider was paid. */
export interface Payment {
  readonly id: ProviderId;
  readonly amountUMor: UMor;
}

/** Credits were paid (design 7). */
export interface Claimed {
  /** Attestation whose root they were proved against. */
  readonly seq: bigint;
  readonly paidUMor: UMor;
  readonly payments: readonly Payment[];
}

/** A provider was due and could not be paid: the credit stays owed. */
export interface PaymentFailed {
  readonly id: ProviderId;
  readonly payout: Address;
  readonly amountUMor: UMor;
}

/** Bytes of a packed payment: id u32, amount in uMOR u64, big-endian. */
const PAYMENT_BYTES = 12;

/** Read packed payments. @throws InvalidField when they are no whole number of 12 bytes. */
export function unpackPayments(data: Uint8Array): Payment[] {
  if (data.length % PAYMENT_BYTES !== 0) throw new InvalidField("payments", "a multiple of 12 bytes", data);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / PAYMENT_BYTES }, (_, i) => ({
    id: providerId(view.getUint32(i * PAYMENT_BYTES)),
    amountUMor: view.getBigUint64(i * PAYMENT_BYTES + 4) as UMor,
  }));
}

/** Reads `Claimed`. */
export const claimedEvent = defineEvent<Claimed>("compute", computeContractAbi, "Claimed", (args) => ({
  seq: args["seq"] as bigint,
  paidUMor: args["paidUMor"] as UMor,
  payments: unpackPayments(hexToBytes(args["payments"] as string)),
}));

/** Reads `PaymentFailed`. */
export const paymentFailedEvent = defineEvent<PaymentFailed>(
  "compute",
  computeContractAbi,
  "PaymentFailed",
  (args) => ({
    id: providerId(args["id"] as bigint),
    payout: args["payout"] as Address,
    amountUMor: args["amountUMor"] as UMor,
  }),
);
