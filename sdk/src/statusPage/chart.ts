import { momentText, morText } from "./format.js";
import { html, type Html } from "./html.js";

/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly valuesWei: readonly bigint[];
}

/** A chart of amounts over time. All lines have a value for each moment. */
export interface Chart {
  readonly title: string;
  readonly times: readonly bigint[];
  readonly lines: readonly ChartLine[];
  /** Begin the scale at 0 even where the values then differ by little. */
  readonly fromZero?: boolean;
}

/** The drawing is stretched to its place: its own units only have to be fine enough. */
const WIDTH = 1_000n;
const HEIGHT = 300n;

/** Draw a chart; its labels are text beside the drawing, so that they stay readable at any width. */
export function renderChart({ title, times, lines, fromZero = false }: Chart): Html {
  const all = lines.flatMap(({ valuesWei }) => valuesWei);
  const scale = scaleOf(all, fromZero);
  const [first, last] = [times[0] ?? 0n, times[times.length - 1] ?? 0n];
  const drawn = lines.map(({ valuesWei }, i) => {
    const path = pathOf(times, valuesWei, scale);
    // A filled area says how much it is: only where the scale begins at 0.
    const area = i === 0 && scale.low === 0n ? html`<path class="area" d="${path}V${HEIGHT}H0Z" />` : undefined;
    return html`${area}<path class="line line-${i}" d="${path}" />`;
  });
  const legend = lines.map(({ name, valuesWei }, i) => {
    const now = morText(valuesWei[valuesWei.length - 1] ?? 0n, "wei");
    return html`<li><span class="key key-${i}" aria-hidden="true"></span>${name}: <b>${now} MOR</b></li>`;
  });
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <ul class="legend">
      ${legend}
    </ul>
    <div class="plot">
      <span class="bound">${morText(scale.high, "wei")}</span>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${summaryOf(lines)}">
        <path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2n}H${WIDTH}M0 ${HEIGHT}H${WIDTH}" />
        ${drawn}
        <line class="cursor" visibility="hidden" x1="0" x2="0" y1="0" y2="${HEIGHT}" />
      </svg>
      <span class="bound">${morText(scale.low, "wei")}</span>
    </div>
    <p class="span"><span>${momentText(first)}</span> <span>${momentText(last)}</span></p>
  </figure>`;
}

interface Scale {
  readonly low: bigint;
  readonly high: bigint;
}

/** From 0, unless all values lie in the upper half: then what they differ in would not be seen. */
function scaleOf(values: readonly bigint[], fromZero: boolean): Scale {
  const low = values.reduce((least, value) => (value < least ? value : least), values[0] ?? 0n);
  const high = values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n);
  const from = !fromZero && 2n * low > high && low < high ? low : 0n;
  return { low: from, high: high > from ? high : from + 1n };
}

/** A stroke in steps: a figure stands until something happens. */
function pathOf(times: readonly bigint[], values: readonly bigint[], { low, high }: Scale): string {
  const first = times[0] ?? 0n;
  const span = (times[times.length - 1] ?? 0n) - first;
  const steps = values.map((value, i) => {
    const x = span === 0n ? 0n : ((times[i]! - first) * WIDTH) / span;
    const y = HEIGHT - ((value - low) * HEIGHT) / (high - low);
    return i === 0 ? `M${x} ${y}` : `H${x}V${y}`;
  });
  return span === 0n ? `${steps[0] ?? `M0 ${HEIGHT}`}H${WIDTH}` : steps.join("");
}

/** What is to be seen, in words. */
function summaryOf(lines: readonly ChartLine[]): string {
  return lines
    .map(({ name, valuesWei }) => {
      const [first = 0n, last = 0n] = [valuesWei[0], valuesWei[valuesWei.length - 1]];
      const least = valuesWei.reduce((a, b) => (b < a ? b : a), first);
      const most = valuesWei.reduce((a, b) => (b > a ? b : a), first);
      const mor = (value: bigint) => morText(value, "wei");
      return `${name}: from ${mor(first)} to ${mor(last)}, at the least ${mor(least)}, at the most ${mor(most)} MOR`;
    })
    .join("; ");
}
