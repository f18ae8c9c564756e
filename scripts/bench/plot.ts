/** A named line of (x, y), both above zero, x rising. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** Drawn broad, so that a curve on top of it does not hide it. */
  readonly broad?: boolean;
}

/** One diagram of a plot. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly curves: readonly Curve[];
}

const WIDTH = 460;
const HEIGHT = 400;
const MARGIN = { left: 64, right: 16, top: 40, bottom: 122 } as const;
const LINE_OF_LEGEND = 17;
const COLOURS = ["#1f6feb", "#d1570b", "#2da44e", "#8250df"] as const;

/** Draw panels side by side, both axes logarithmic, as an SVG text; the y axis is gas and common to all. */
export function plot(panels: readonly Panel[]): string {
  const gas = panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points.map(([, y]) => y)));
  const y = axis(gas, HEIGHT - MARGIN.bottom, MARGIN.top, Math.ceil);
  const parts = panels.map((panel, i) => `<g transform="translate(${i * WIDTH} 0)">${drawPanel(panel, y)}</g>`);
  const width = WIDTH * panels.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Decades from the lowest value to the highest, or to `end` of its logarithm, laid from one pixel to another. */
function axis(values: readonly number[], from: number, to: number, end = (log: number): number => log): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, end(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: Math.floor(high) - low + 1 }, (_, i) => 10 ** (low + i)),
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

function drawPanel({ title, xLabel, curves }: Panel, y: Axis): string {
  const x = axis(
    curves.flatMap(({ points }) => points.map(([at]) => at)),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const [left, right, top, bottom] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.top, HEIGHT - MARGIN.bottom];
  const grid = [
    ...y.ticks.map(
      (tick) => rule(left, y.at(tick), right, y.at(tick)) + text(left - 6, y.at(tick) + 4, short(tick), "end"),
    ),
    ...x.ticks.map(
      (tick) => rule(x.at(tick), top, x.at(tick), bottom) + text(x.at(tick), bottom + 16, short(tick), "middle"),
    ),
  ];
  const lines = curves.map((curve, i) => drawCurve(curve, x, y, COLOURS[i % COLOURS.length] ?? "#000000"));
  const legend = curves.map(({ name }, i) => {
    const at = bottom + 52 + i * LINE_OF_LEGEND;
    const colour = COLOURS[i % COLOURS.length] ?? "#000000";
    return `<rect x="${left}" y="${at - 8}" width="14" height="4" fill="${colour}"/>${text(left + 20, at - 2, name, "start")}`;
  });
  return [
    text((left + right) / 2, 22, title, "middle", ' font-weight="bold"'),
    ...grid,
    ...lines,
    text((left + right) / 2, bottom + 34, xLabel, "middle"),
    text(left - 6, top - 12, "gas", "end"),
    ...legend,
  ].join("\n");
}

function drawCurve({ points, broad = false }: Curve, x: Axis, y: Axis, colour: string): string {
  const path = points.map(([px, py]) => `${x.at(px).toFixed(1)},${y.at(py).toFixed(1)}`);
  const dots = path.map((point) => {
    const [cx, cy] = point.split(",");
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
  });
  return `<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="${broad ? 7 : 2}"/>${dots.join("")}`;
}

const rule = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#d0d7de"/>`;

const text = (x: number, y: number, words: string, anchor: string, more = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#24292f"${more}>${words}</text>`;

function short(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 1_000 ? `${value / 1_000}k` : `${value}`;
}
