import { pageCount, PAGE_ROWS, rowsOfPage } from "./renderTables.js";
import type { StatusSnapshot } from "./snapshot.js";

/**
 * Give a snapshot as plain JSON: whole numbers and amounts as decimal strings, in the unit that their names say; of the
 * providers one page, counted from 1.
 */
export function serializeStatus(snapshot: StatusSnapshot, page = 1): Record<string, unknown> {
  const { providers, totals, ...rest } = snapshot;
  const paged = { page, pages: pageCount(snapshot), rowsPerPage: PAGE_ROWS, rows: rowsOfPage(providers, page) };
  const plain = { ...rest, providers: { ...paged, totals } };
  return JSON.parse(
    JSON.stringify(plain, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  ) as Record<string, unknown>;
}
