/** One simulated attack: what was tried, what came of it, and the figures. */
export interface AttackTable {
  readonly title: string;
  /** The rule that bounds it and what was assumed, in a sentence or two. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const BEGIN = "<!-- attacks: written by `npm run attacks` -->";
const END = "<!-- attacks: end -->";

/** Write attacks as Markdown. */
export function renderAttacks(tables: readonly AttackTable[]): string {
  return tables
    .map(({ title, about, columns, rows }) => {
      const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
      return [`**${title}.** ${about}`, "", ...lines].join("\n");
    })
    .join("\n\n");
}

/** The page with the tables between its marks. */
export function withAttacks(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`SECURITY.md has no tables between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}

/** A part of a whole in percent with two decimals, rounded to the nearest. */
export function percent(part: bigint, whole: bigint): string {
  const hundredths = whole === 0n ? 0n : (part * 20_000n + whole) / (2n * whole);
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")} %`;
}

/** A whole number with separators. */
export function integer(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
