import { formatMor } from "../units/amounts.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import type { Wei } from "../units/brands.js";
import type { Account } from "./readAccount.js";

/** Say in words why a provider gets what it gets: one sentence a line. Moments are Unix seconds. Pure. */
export function explainClaim(account: Account): string {
  return [
    claimable(account),
    ...awards(account),
    ...pending(account),
    ...debited(account),
    ...exit(account),
    ...payout(account),
  ].join("\n");
}

function claimable({ id, creditedUMor, paidUMor, claimableUMor, provider }: Account): string {
  const now =
    claimableUMor === 0n
      ? "Nothing can be claimed now."
      : `${mor(claimableUMor)} MOR can be claimed now, by anyone, and goes to ${provider.payout}.`;
  return `Provider ${id} was credited ${mor(creditedUMor)} MOR and paid ${mor(paidUMor)} MOR. ${now}`;
}

function awards({ awardedUMor }: Account): string[] {
  if (awardedUMor === 0n) return [];
  return [`${mor(awardedUMor)} MOR of what it was paid or had netted are shares of the bootstrap pool.`];
}

function pending({ pendingUMor, pendingUntil }: Account): string[] {
  if (pendingUMor === 0n) return [];
  return [`${mor(pendingUMor)} MOR is pending: all of it can be claimed from ${pendingUntil} on, unless it is vetoed.`];
}

function debited({ debits, debitedUMor, absorbedUMor, coveredByBondUMor, debtUMor }: Account): string[] {
  if (debits.length === 0) return [];
  const parts = debits.map(
    ({ seq, amountUMor, reasonHash }) => `${mor(amountUMor)} MOR by attestation ${seq} for reason ${reasonHash}`,
  );
  const bond = coveredByBondUMor === 0n ? "" : `, ${mor(coveredByBondUMor)} MOR were covered by the bond`;
  return [
    `It was debited ${mor(debitedUMor)} MOR: ${parts.join("; ")}.`,
    `Of that ${mor(absorbedUMor)} MOR were kept back from credits${bond}; ${mor(debtUMor)} MOR will be kept back from the ` +
      "next payments.",
  ];
}

function exit({ provider: { exitAt, exited, bondWei } }: Account): string[] {
  if (exited) return ["It has left and its bond is withdrawn; what it was credited stays claimable for ever."];
  if (exitAt === undefined) return [];
  return [`It is exiting: the bond of ${formatMor(bondWei)} MOR, less its debt, can be withdrawn from ${exitAt} on.`];
}

function payout({ provider: { pendingPayout } }: Account): string[] {
  if (pendingPayout === undefined) return [];
  const { to, effectiveAt } = pendingPayout;
  return [
    `Another payout address, ${to}, can be put into force from ${effectiveAt} on; until then claims go to the old one.`,
  ];
}

function mor(amountUMor: bigint): string {
  return formatMor((amountUMor * WEI_PER_UMOR) as Wei);
}
