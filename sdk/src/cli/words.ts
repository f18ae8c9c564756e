import { formatMor, type UMor, type Wei } from "../units/index.js";
import { WEI_PER_UMOR } from "../units/constants.js";

const ETHER = 10n ** 18n;
// Escape sequences of a terminal take no room on it.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[\d+m/g;

/** Width of a text as a terminal shows it. */
function widthOf(text: string): number {
  return text.replace(ESCAPES, "").length;
}

/** Set rows under headings; a heading that begins with a space stands on the right, as its numbers do. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headings.map((heading, i) => {
    const name = heading.trim();
    const cells = [name, ...rows.map((row) => row[i]!)];
    return { name, width: Math.max(...cells.map(widthOf)), isRight: heading.startsWith(" ") };
  });
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width, isRight }, i) => {
        const cell = cells[i]!;
        const room = " ".repeat(width - widthOf(cell));
        return isRight ? room + cell : cell + room;
      })
      .join("  ")
      .trimEnd();
  const [names, rule] = [columns.map(({ name }) => name), columns.map(({ width }) => "-".repeat(width))];
  return [names, rule, ...rows].map(line).join("\n");
}

/** Set names before their values. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** An amount in wei as MOR. */
export function mor(amountWei: bigint): string {
  return amountWei < 0n ? `-${mor(-amountWei)}` : `${formatMor(amountWei as Wei)} MOR`;
}

/** An amount in uMOR as MOR. */
export function morOfUMor(amountUMor: bigint): string {
  return mor(amountUMor * WEI_PER_UMOR);
}

/** An amount for JSON: `nameWei`, a decimal string, and `nameMor`, in decimals. */
export function amountJson(name: string, amountWei: bigint): Record<string, string> {
  const text = formatMor((amountWei < 0n ? -amountWei : amountWei) as Wei);
  return { [`${name}Wei`]: amountWei.toString(), [`${name}Mor`]: amountWei < 0n ? `-${text}` : text };
}

/** The same of an amount in uMOR. */
export function uMorJson(name: string, amountUMor: UMor | bigint): Record<string, string> {
  return amountJson(name, amountUMor * WEI_PER_UMOR);
}

/** An amount of a chain's own coin, which has 18 decimals. */
export function ether(amountWei: bigint): string {
  const fraction = (amountWei % ETHER).toString().padStart(18, "0").replace(/0+$/, "");
  return `${amountWei / ETHER}${fraction === "" ? "" : `.${fraction}`} ETH`;
}

/** A moment in Unix seconds, for a person. */
export function moment(at: bigint): string {
  if (at > 8_640_000_000_000n) return `${at} s`;
  return `${new Date(Number(at) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A number of seconds, for a person: its two greatest units. */
export function duration(seconds: bigint): string {
  const units: readonly (readonly [bigint, string])[] = [
    [86_400n, "d"],
    [3_600n, "h"],
    [60n, "min"],
    [1n, "s"],
  ];
  let rest = seconds < 0n ? 0n : seconds;
  const parts: string[] = [];
  for (const [length, unit] of units) {
    const count = rest / length;
    rest %= length;
    if (count > 0n && parts.length < 2) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.join(" ") || "0 s";
}
