import { computeContractAbi } from "../abi/computeContract.js";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import { hexToBytes } from "../crypto/hex.js";
import { unpackDebits, type Debit } from "../ledger/debits.js";
import type { Hash32, ProviderId, UMor } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";

/** Debits travel with an attestation: booked once it is active, dropped with a veto (design 7). */
export interface DebitsAttested {
  readonly seq: bigint;
  readonly sumUMor: UMor;
  readonly debits: readonly Debit[];
}

/** A debit of an active attestation was booked. */
export interface Debited {
  readonly seq: bigint;
  readonly id: ProviderId;
  readonly amountUMor: UMor;
  readonly reasonHash: Hash32;
}

/** A debt changed by `amountUMor` to `debtUMor`. */
export interface DebtChanged {
  readonly id: ProviderId;
  readonly amountUMor: UMor;
  readonly debtUMor: UMor;
}

/** Reads `DebitsAttested`. */
export const debitsAttestedEvent = defineEvent<DebitsAttested>(
  "compute",
  computeContractAbi,
  "DebitsAttested",
  (args) => ({
    seq: args["seq"] as bigint,
    sumUMor: args["sumUMor"] as UMor,
    debits: unpackDebits(hexToBytes(args["debits"] as string)),
  }),
);

/** Reads `Debited`. */
export const debitedEvent = defineEvent<Debited>("compute", computeContractAbi, "Debited", (args) => ({
  seq: args["seq"] as bigint,
  id: providerId(args["id"] as bigint),
  amountUMor: args["amountUMor"] as UMor,
  reasonHash: args["reasonHash"] as Hash32,
}));

/** Reads `DebtBooked`: a debit became debt. */
export const debtBookedEvent = debtEvent("DebtBooked");

/** Reads `DebtAbsorbed`: debt was netted against a payment, or covered by a bond. */
export const debtAbsorbedEvent = debtEvent("DebtAbsorbed");

function debtEvent(name: "DebtBooked" | "DebtAbsorbed") {
  return defineEvent<DebtChanged>("registry", providerRegistryAbi, name, (args) => ({
    id: providerId(args["id"] as bigint),
    amountUMor: args["amountUMor"] as UMor,
    debtUMor: args["debtUMor"] as UMor,
  }));
}
