import { html, type Html } from "./html.js";
import { renderBlock, renderCharts, renderNews, renderNow, renderPoints } from "./renderNow.js";
import {
  renderAttestations,
  renderPaging,
  renderProviders,
  renderSeasons,
  renderTotals,
  table,
} from "./renderTables.js";
import type { StatusSnapshot, Trouble } from "./snapshot.js";

/** What is looked at: a page of providers, counted from 1, at a moment of the reader's clock in Unix milliseconds. */
export interface View {
  readonly page: number;
  readonly nowMs: number;
}

/** The chain's clock as it goes on from the last block, in Unix seconds. */
export function chainNow({ block, readAtMs }: StatusSnapshot, nowMs: number): bigint {
  return block.timestamp + BigInt(Math.max(0, Math.floor((nowMs - readAtMs) / 1_000)));
}

/** The parts of the page that change, by the id of the element they stand in. None holds an element that takes focus but the paging. */
export function fragmentsOf(snapshot: StatusSnapshot, { page, nowMs }: View) {
  const now = chainNow(snapshot, nowMs);
  return {
    block: renderBlock(snapshot, now),
    tiles: renderNow(snapshot, now),
    plots: renderCharts(snapshot),
    points: renderPoints(snapshot),
    "attestation-rows": renderAttestations(snapshot, now),
    "season-tables": renderSeasons(snapshot, now),
    "provider-rows": renderProviders(snapshot, page),
    "provider-totals": renderTotals(snapshot),
    paging: renderPaging(snapshot, page),
    happened: renderNews(snapshot),
  } satisfies Readonly<Record<string, Html>>;
}

/** The whole page with the figures of the moment. */
export function renderPage(snapshot: StatusSnapshot, view: View): string {
  const parts = fragmentsOf(snapshot, view);
  const part = (id: keyof typeof parts): Html => parts[id];
  const { chainId, compute } = snapshot;
  return documentOf(
    html`<body data-at="${chainNow(snapshot, view.nowMs)}" data-page="${view.page}">
      <a class="skip" href="#main">To the figures</a>
      <header>
        <h1>Yellowstone Compute</h1>
        <p class="about">Chain ${chainId}, compute contract <code>${compute}</code></p>
        <p><span id="block">${part("block")}</span> <span id="live" class="live">Figures of the moment.</span></p>
        <nav aria-label="Sections">
          <ul>
            ${SECTIONS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
      </header>
      <main id="main" tabindex="-1">
        <p id="said" class="said" role="status" aria-live="polite"></p>
        ${section("now", html`<dl class="tiles" id="tiles">${part("tiles")}</dl>`)}
        ${section(
          "time",
          html`<div class="plots" id="plots">${part("plots")}</div>
            <p class="slider" id="slider" hidden>
              <label for="moment">Look at a moment</label>
              <input type="range" id="moment" min="0" max="0" value="0" />
              <output id="moment-text" for="moment"></output>
            </p>
            <details>
              <summary>The curves in figures</summary>
              ${table(
                "points",
                "Pool and budget over time, in MOR, newest first",
                ["Moment", "Free", "Owed", "Bootstrap", "Budget", "Left"],
                part("points"),
              )}
            </details>`,
        )}
        ${section(
          "attestations",
          table(
            "attestation-rows",
            "All pending attestations and the last before them, newest first. Until its veto window ends, the guardian can drop one, and all after it.",
            [
              "Number",
              "State",
              "Veto window",
              "Credited (MOR)",
              "Debited (MOR)",
              "Providers",
              "Inference blocks",
              "Accepted",
            ],
            part("attestation-rows"),
          ),
        )}
        ${section("seasons", html`<div id="season-tables">${part("season-tables")}</div>`)}
        ${section(
          "providers",
          html`${table(
              "provider-rows",
              "Credits and claims by provider, most credits first. What a provider says of itself is not checked.",
              [
                "Provider",
                "Says of itself",
                "Credited (MOR)",
                "Pending (MOR)",
                "Claimable (MOR)",
                "Paid (MOR)",
                "Awarded (MOR)",
                "Debt (MOR)",
              ],
              part("provider-rows"),
              html`<tfoot id="provider-totals">
                ${part("provider-totals")}
              </tfoot>`,
            )}
            <nav class="paging" id="paging" aria-label="Pages of providers">${part("paging")}</nav>`,
        )}
        ${section(
          "news",
          html`<ol class="news" id="happened">
            ${part("happened")}
          </ol>`,
        )}
      </main>
      <footer>
        <p>
          Amounts in MOR, rounded down to four decimals; moments are those of the chain. The same figures, exact, as
          <a href="/status.json?page=${view.page}">JSON</a>.
        </p>
      </footer>
    </body>`,
  );
}

/** The page while there are no figures yet; it reloads itself. */
export function renderWaiting(trouble: Trouble | undefined): string {
  return documentOf(
    html`<body data-waiting="yes">
      <main>
        <h1>Yellowstone Compute</h1>
        ${trouble === undefined ? undefined : html`<p class="trouble">The chain cannot be read: ${trouble.reason}. ${trouble.next}</p>`}
        <p role="status">
          The events of the chain are being read. The figures come by themselves; without JavaScript, reload.
        </p>
      </main>
    </body>`,
  );
}

const SECTIONS = [
  ["now", "Now"],
  ["time", "Pool and budget over time"],
  ["attestations", "Attestations"],
  ["seasons", "Seasons"],
  ["providers", "Providers"],
  ["news", "What happened last"],
] as const;

function section(id: (typeof SECTIONS)[number][0], content: Html): Html {
  const [, name] = SECTIONS.find(([one]) => one === id)!;
  return html`<section id="${id}" aria-labelledby="${id}-name">
    <h2 id="${id}-name">${name}</h2>
    ${content}
  </section>`;
}

function documentOf(body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Yellowstone Compute status</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/style.css" />
        <script type="module" src="/browser/app.js"></script>
      </head>
      ${body}
    </html>`.text.replace(/>\s+</g, "> <");
}
