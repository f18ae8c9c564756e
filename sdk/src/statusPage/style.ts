/** Style sheet of the page: no font, picture or rule of another host. Colours keep a contrast of 4.5 to 1 and more. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --raised: #ffffff; --text: #1b1d20; --muted: #54595f; --edge: #d8d5cc;
  --link: #0a5a8c; --free: #0a5a8c; --left: #a14400; --good: #1c6b37; --wait: #7d5200; --bad: #a3201f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --raised: #1c2024; --text: #e9ebed; --muted: #a9b1b9; --edge: #363c43;
    --link: #84c7f2; --free: #84c7f2; --left: #ffb073; --good: #83d69c; --wait: #f0c46a; --bad: #ff9d98;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 3rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
small, .note, .about, .span, .bound, caption, footer { color: var(--muted); }
small { font-size: 0.8em; font-weight: 400; }
code { overflow-wrap: anywhere; font-size: 0.9em; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--raised); padding: 0.5rem 1rem; z-index: 1; }
header { padding-top: 1.25rem; }
header p { margin: 0.25rem 0; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; margin: 0 0 0.75rem; }
section { margin-top: 2.25rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0.75rem 0 0; }
nav a { display: inline-block; padding: 0.3rem 0; }
.live { color: var(--muted); }
.live.on { color: var(--good); }
.live.off, .trouble { color: var(--bad); }
.said { min-height: 1.5em; margin: 0.75rem 0 -1.25rem; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.75rem; margin: 0; }
.tiles > div { background: var(--raised); border: 1px solid var(--edge); border-radius: 0.5rem; padding: 0.75rem 1rem; }
dt { color: var(--muted); font-size: 0.9rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dd.note { font-size: 0.85rem; font-weight: 400; }
.paused { color: var(--bad); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0.75rem; }
.chart { margin: 0; background: var(--raised); border: 1px solid var(--edge); border-radius: 0.5rem; padding: 0.75rem 1rem; }
figcaption { font-weight: 600; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; font-size: 0.9rem; }
.key { display: inline-block; width: 1.25rem; margin-right: 0.4rem; vertical-align: middle; border-top: 3px solid var(--free); }
.key-1 { border-top: 3px dashed var(--left); }
.plot svg { display: block; width: 100%; height: 9rem; overflow: visible; }
.bound, .span { font-size: 0.8rem; font-variant-numeric: tabular-nums; }
.span { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin: 0.25rem 0 0; }
svg path, svg line { vector-effect: non-scaling-stroke; fill: none; stroke-linejoin: round; }
svg .grid { stroke: var(--edge); }
svg .line { stroke: var(--free); stroke-width: 2; }
svg .line-1 { stroke: var(--left); stroke-dasharray: 6 4; }
svg .area { fill: var(--free); opacity: 0.1; }
svg .cursor { stroke: var(--text); }
.slider { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; }
.slider[hidden] { display: none; }
.slider input { flex: 1 1 12rem; accent-color: var(--free); min-height: 1.5rem; }
.slider output { flex-basis: 100%; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; padding: 0.5rem 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.92rem; margin-bottom: 1rem; }
caption { text-align: left; padding-bottom: 0.5rem; }
th, td { text-align: right; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--edge); vertical-align: top; }
td, tbody th { font-variant-numeric: tabular-nums; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; }
th:first-child, td.empty, [data-label="Says of itself"], #providers thead th:nth-child(2) { text-align: left; }
#attestation-rows td:nth-child(-n + 3), #attestations thead th:nth-child(-n + 3) { text-align: left; }
td time, tbody th time { white-space: nowrap; }
tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--edge); }
.foreign { overflow-wrap: anywhere; unicode-bidi: isolate; }
.state { font-weight: 600; white-space: nowrap; }
.state::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em; margin-right: 0.4em; background: currentColor; }
.pending { color: var(--wait); } .pending::before { border-radius: 50%; }
.active { color: var(--good); }
.vetoed { color: var(--bad); } .vetoed::before { transform: rotate(45deg); }
.ticking { font-variant-numeric: tabular-nums; white-space: nowrap; }
.paging { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
.news { list-style: none; padding: 0; margin: 0; }
.news li { padding: 0.2rem 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--edge); font-size: 0.9rem; }
@media (max-width: 60rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  table, tbody, tfoot, tr, th, td, caption { display: block; }
  tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.35rem 0.75rem; padding: 0.7rem 0; border-bottom: 1px solid var(--edge); }
  tr > :first-child { grid-column: 1 / -1; font-size: 1.05rem; }
  th, td, tfoot th, tfoot td { border: 0; padding: 0; }
  th, td, #attestation-rows td { text-align: left; overflow-wrap: anywhere; }
  td[data-label="Says of itself"], td[data-label="Veto window"] { grid-column: 1 / -1; }
  td[data-label]::before { content: attr(data-label); display: block; color: var(--muted); font-size: 0.8rem; font-weight: 400; }
  #provider-rows th::before { content: "Provider "; } #attestation-rows th::before { content: "Attestation "; }
  [id^="season-"] th[scope="row"]::before { content: "Rank "; }
}
@media (max-width: 30rem) {
  body { padding: 0 0.9rem 2rem; }
  .tiles { grid-template-columns: 1fr; gap: 0.5rem; }
  tr { grid-template-columns: 1fr 1fr; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** Icon of the page. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0a5a8c"/><path d="M5 9l7 5 6 9 9 3" fill="none" stroke="#fff" stroke-width="3"/></svg>`;
