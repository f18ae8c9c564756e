import type { UMor } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import type { ProviderRow, ProviderTotals } from "./snapshot.js";
import type { StatusHistory } from "./statusHistory.js";

/** Providers of a ledger at the most (design 5): ids above have no lane. */
const LEDGER_PROVIDERS = 4_194_304;

/** Give every registered provider's figures, by credits, most first; ties to the lower id. */
export function providerRows(history: StatusHistory, registered: bigint): ProviderRow[] {
  const rows = Array.from({ length: Math.min(Number(registered), LEDGER_PROVIDERS) }, (_, i) => {
    const id = providerId(i);
    return { ...history.ledger.account(id), uri: history.uriOf(id) };
  });
  // The sort is stable and the rows stand in the order of ids.
  return rows.sort((a, b) => (a.creditedUMor === b.creditedUMor ? 0 : a.creditedUMor > b.creditedUMor ? -1 : 1));
}

/** Sum the figures of providers. */
export function totalsOf(rows: readonly ProviderRow[]): ProviderTotals {
  const sum = (figure: "creditedUMor" | "pendingUMor" | "claimableUMor" | "paidUMor" | "awardedUMor" | "debtUMor") =>
    rows.reduce((all, row) => all + row[figure], 0n) as UMor;
  return {
    count: rows.length,
    creditedUMor: sum("creditedUMor"),
    pendingUMor: sum("pendingUMor"),
    claimableUMor: sum("claimableUMor"),
    paidUMor: sum("paidUMor"),
    awardedUMor: sum("awardedUMor"),
    debtUMor: sum("debtUMor"),
  };
}
