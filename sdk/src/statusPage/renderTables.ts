import { amount, countdown, moment } from "./figures.js";
import { foreignText, integerText, plural } from "./format.js";
import { html, type Html, type Part } from "./html.js";
import { cell } from "./renderNow.js";
import type { AttestationRow, ProviderRow, SeasonRow, StatusSnapshot } from "./snapshot.js";

/** Providers on a page. */
export const PAGE_ROWS = 100;

/** Pages that the providers of a snapshot fill; one at the least. */
export function pageCount({ providers }: Pick<StatusSnapshot, "providers">): number {
  return Math.max(1, Math.ceil(providers.length / PAGE_ROWS));
}

/** The providers of a page, counted from 1. */
export function rowsOfPage<Row>(rows: readonly Row[], page: number): readonly Row[] {
  return rows.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
}

/** A table with its columns named; on a narrow page each row stands as a card. `id` is where the rows are replaced. */
export function table(id: string, caption: Part, columns: readonly string[], rows: Html, foot?: Html): Html {
  const heads = columns.map((column) => html`<th scope="col">${column}</th>`);
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody id="${id}">
      ${rows}
    </tbody>
    ${foot}
  </table>`;
}

/** Attestations, newest first. */
export function renderAttestations({ attestations }: StatusSnapshot, now: bigint): Html {
  if (attestations.length === 0) return empty(7, "No attestation yet.");
  return html`${attestations.map((row) => renderAttestation(row, now))}`;
}

function renderAttestation(row: AttestationRow, now: bigint): Html {
  const { seq, standing, creditedUMor, debitsUMor, providers, firstBlock, lastBlock, postedAt, activeAt } = row;
  const window =
    standing === "pending"
      ? html`ends in <b>${countdown(activeAt, now)}</b>, ${moment(activeAt)}`
      : html`${standing === "vetoed" ? "dropped" : "since"} ${standing === "vetoed" ? undefined : moment(activeAt)}`;
  const blocks = lastBlock < firstBlock ? "none" : html`${integerText(firstBlock)} to ${integerText(lastBlock)}`;
  return html`<tr>
    <th scope="row">${seq}</th>
    ${cell("State", html`<span class="state ${standing}">${standing}</span>`)}${cell(
      "Veto window",
      window,
    )}${cell("Credited", amount(creditedUMor))}${cell("Debited", amount(debitsUMor))}${cell(
      "Providers",
      integerText(providers),
    )}${cell("Inference blocks", blocks)}${cell("Accepted", moment(postedAt))}
  </tr>`;
}

/** Providers of a page. */
export function renderProviders({ providers }: StatusSnapshot, page: number): Html {
  if (providers.length === 0) return empty(8, "Nobody is registered.");
  return html`${rowsOfPage(providers, page).map(renderProvider)}`;
}

function renderProvider(row: ProviderRow): Html {
  const { id, uri, creditedUMor, pendingUMor, claimableUMor, paidUMor, awardedUMor, debtUMor } = row;
  return html`<tr>
    <th scope="row">${id}</th>
    ${cell("Says of itself", html`<span class="foreign">${foreignText(uri, 60)}</span>`)}${cell(
      "Credited",
      amount(creditedUMor),
    )}${cell("Pending", amount(pendingUMor))}${cell("Claimable", amount(claimableUMor))}${cell(
      "Paid",
      amount(paidUMor),
    )}${cell("Awarded", amount(awardedUMor))}${cell("Debt", amount(debtUMor))}
  </tr>`;
}

/** Sums over all providers, not those of the page alone. */
export function renderTotals({ totals }: StatusSnapshot): Html {
  return html`<tr>
    <th scope="row">All</th>
    ${cell("Says of itself", plural(totals.count, "provider", "providers"))}${cell(
      "Credited",
      amount(totals.creditedUMor),
    )}${cell("Pending", amount(totals.pendingUMor))}${cell("Claimable", amount(totals.claimableUMor))}${cell(
      "Paid",
      amount(totals.paidUMor),
    )}${cell("Awarded", amount(totals.awardedUMor))}${cell("Debt", amount(totals.debtUMor))}
  </tr>`;
}

/** Links to the pages around one. */
export function renderPaging(snapshot: StatusSnapshot, page: number): Html {
  const last = pageCount(snapshot);
  const link = (to: number, name: string, rel: string): Html | undefined =>
    to < 1 || to > last || to === page ? undefined : html`<a href="/?page=${to}#providers" rel="${rel}">${name}</a> `;
  return html`${link(1, "First", "first")}${link(page - 1, "Previous", "prev")}<span
      >Page ${integerText(page)} of ${integerText(last)}</span
    >
    ${link(page + 1, "Next", "next")}${link(last, "Last", "last")}`;
}

/** Seasons, each with its ranking. */
export function renderSeasons({ seasons }: StatusSnapshot, now: bigint): Html {
  if (seasons.length === 0) return html`<p>This deployment has no bootstrap pool.</p>`;
  return html`${seasons.map((season) => renderSeason(season, now))}`;
}

const PHASES: Readonly<Record<SeasonRow["phase"], string>> = {
  ahead: "has not begun",
  running: "runs",
  entering: "is over; providers are entered",
  closable: "can be closed",
  closed: "is closed",
};

function renderSeason(season: SeasonRow, now: bigint): Html {
  const { phase, startAt, endAt, entryEndAt, poolUMor, competing, ranks } = season;
  const next = { ahead: startAt, running: endAt, entering: entryEndAt, closable: undefined, closed: undefined }[phase];
  const until = next === undefined ? undefined : html`, for ${countdown(next, now)} until ${moment(next)}`;
  const pool = phase === "closed" ? "its pool was" : "its pool would now be at the least";
  const about = html`Season ${season.season} ${PHASES[phase]}${until}; ${pool} ${amount(poolUMor)} MOR;
  ${plural(competing, "provider competes", "providers compete")}`;
  const rows = ranks.map(
    ({ id, weightUMor, shareUMor, entered, awarded }, rank) =>
      html`<tr>
        <th scope="row">${rank + 1}</th>
        ${cell("Provider", id)}${cell("Weight", amount(weightUMor))}${cell("Share", amount(shareUMor))}${cell(
          "Award",
          awarded ? "paid" : phase === "closed" ? "due" : entered ? "entered" : "not entered",
        )}
      </tr>`,
  );
  const columns = ["Rank", "Provider", "Weight (MOR)", "Share (MOR)", "Award"];
  const body = ranks.length === 0 ? empty(5, "Nobody was credited in it.") : html`${rows}`;
  return table(`season-${season.season}`, about, columns, body);
}

function empty(columns: number, text: string): Html {
  return html`<tr>
    <td colspan="${columns}" class="empty">${text}</td>
  </tr>`;
}
