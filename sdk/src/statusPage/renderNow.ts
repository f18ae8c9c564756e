import { renderChart } from "./chart.js";
import { age, amount, countdown, moment } from "./figures.js";
import { integerText, morText, momentText } from "./format.js";
import { html, type Html, type Part } from "./html.js";
import type { StatusSnapshot } from "./snapshot.js";

/** Rows of the table that says in figures what the charts show. */
const TABLE_ROWS = 24;

/** The line under the title: which block this is, and whether it is the newest. */
export function renderBlock({ block, trouble }: StatusSnapshot, now: bigint): Html {
  const state =
    trouble === undefined
      ? undefined
      : html` <strong class="trouble"
          >The chain cannot be read any further: ${trouble.reason}. ${trouble.next}</strong
        >`;
  return html`Block <b>${integerText(block.blockNumber)}</b>, ${moment(block.timestamp)}, ${age(block.timestamp, now)}
    ago.${state}`;
}

/** The figures of the moment. */
export function renderNow(snapshot: StatusSnapshot, now: bigint): Html {
  const { state, totals, attestations } = snapshot;
  const { pool, head } = state;
  const pending = attestations.filter(({ standing }) => standing === "pending");
  const last = attestations.find(({ standing }) => standing !== "vetoed");
  const unbooked =
    pool.unbookedWei === 0n ? "as booked" : html`of it not booked yet: ${amount(pool.unbookedWei, "wei")}`;
  return html`${[
    tile("Free pool", mor(pool.unusedWei), unbooked),
    tile(
      "Left of today's budget",
      mor(pool.allowanceWei),
      html`of ${amount(pool.budgetWei, "wei")} MOR on block-day ${integerText(pool.day)}`,
    ),
    tile("Owed to providers", mor(pool.owedWei), html`${amount(totals.claimableUMor)} MOR can be claimed now`),
    tile(
      "In the veto window",
      html`${amount(totals.pendingUMor)} <small>MOR</small>`,
      `${pending.length} of at most 256 attestations pending`,
    ),
    tile("Bootstrap pool", mor(pool.bootstrapWei), "for the top 100 of the seasons"),
    pauseTile(snapshot, now),
    tile(
      "Last attestation",
      last === undefined ? "none yet" : html`${age(last.postedAt, now)} <small>ago</small>`,
      last === undefined
        ? "nothing was credited"
        : html`number ${last.seq}; inference block ${integerText(head.openBlock)} is open,
          ${integerText(head.openBlock > head.nextBlock ? head.openBlock - head.nextBlock : 0n)} wait`,
    ),
    tile("Providers", integerText(head.providerCount), html`${amount(totals.paidUMor)} MOR paid since the beginning`),
  ]}`;
}

function pauseTile({ pause }: StatusSnapshot, now: bigint): Html {
  const spare = pause.armed ? "the guardian may pause once" : "the guardian's pause is spent";
  if (pause.until === undefined) return tile("Attestations", "running", spare);
  return tile(
    "Attestations",
    html`<span class="paused">paused</span>`,
    html`ends in ${countdown(pause.until, now)}, ${moment(pause.until)}; claims go on`,
  );
}

function mor(wei: bigint): Html {
  return html`${amount(wei, "wei")} <small>MOR</small>`;
}

function tile(name: string, figure: Part, note: Part): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${figure}</dd>
    <dd class="note">${note}</dd>
  </div>`;
}

/** Pool, debts and budget over time. */
export function renderCharts({ points }: StatusSnapshot): Html {
  const times = points.map(({ at }) => at);
  const line = (name: string, figure: "unusedWei" | "owedWei" | "budgetWei" | "allowanceWei") => ({
    name,
    valuesWei: points.map((point) => point[figure]),
  });
  return html`${[
    renderChart({ title: "Free pool", times, lines: [line("Free", "unusedWei")] }),
    renderChart({
      title: "Budget of the block-day",
      times,
      lines: [line("Budget", "budgetWei"), line("Left", "allowanceWei")],
      fromZero: true,
    }),
    renderChart({ title: "Owed to providers", times, lines: [line("Owed", "owedWei")], fromZero: true }),
  ]}`;
}

/** The same in figures: every so many points, and the last. */
export function renderPoints({ points }: StatusSnapshot): Html {
  const step = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  const shown = points.filter((_, i) => (points.length - 1 - i) % step === 0).reverse();
  return html`${shown.map(
    ({ at, unusedWei, owedWei, bootstrapWei, budgetWei, allowanceWei }) =>
      html`<tr>
        <th scope="row">${moment(at)}</th>
        ${cell("Free", amount(unusedWei, "wei"))}${cell("Owed", amount(owedWei, "wei"))}${cell(
          "Bootstrap",
          amount(bootstrapWei, "wei"),
        )}${cell("Budget", amount(budgetWei, "wei"))}${cell("Left", amount(allowanceWei, "wei"))}
      </tr>`,
  )}`;
}

/** A cell with a figure; its label is shown where the table has no room for columns. */
export function cell(label: string, content: Part): Html {
  return html`<td data-label="${label}">${content}</td>`;
}

/** What the slider under the charts says of each point: moment in Unix seconds, and a sentence. */
export function pointTexts({ points }: StatusSnapshot): (readonly [number, string])[] {
  const mor = (wei: bigint) => morText(wei, "wei");
  return points.map(({ at, unusedWei, owedWei, budgetWei, allowanceWei }) => [
    Number(at),
    `${momentText(at)}: free ${mor(unusedWei)}, owed ${mor(owedWei)}, budget ${mor(budgetWei)}, left ${mor(allowanceWei)} MOR`,
  ]);
}

/** What happened last. */
export function renderNews({ news }: StatusSnapshot): Html {
  if (news.length === 0) return html`<li>Nothing has happened yet.</li>`;
  return html`${news.map(
    ({ text, blockNumber }) => html`<li>${text} <small>Block ${integerText(blockNumber)}</small></li>`,
  )}`;
}
