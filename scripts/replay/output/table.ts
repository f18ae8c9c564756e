/** A column of a table: text to the left, figures to the right. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Write rows under their titles in aligned columns, two blanks apart. A missing cell is blank. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => (row[i] ?? "").length)));
  const formatRow = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = row[i] ?? "";
        const width = widths[i] ?? 0;
        return align === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [formatRow(titles), rule, ...rows.map(formatRow)].join("\n");
}
