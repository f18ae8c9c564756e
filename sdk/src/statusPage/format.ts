export { durationText } from "./browser/duration.js";
import { WEI_PER_MOR, WEI_PER_UMOR } from "../units/constants.js";
import { formatMor } from "../units/amounts.js";
import type { Wei } from "../units/brands.js";

/** Decimals that are shown of an amount in MOR. */
const DECIMALS = 4n;
const STEP_WEI = WEI_PER_MOR / 10n ** DECIMALS;

/** Write a whole number with separators. */
export function integerText(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Write an amount in MOR with four decimals, rounded down. */
export function morText(amount: bigint, unit: "uMor" | "wei" = "uMor"): string {
  const steps = (unit === "wei" ? amount : amount * WEI_PER_UMOR) / STEP_WEI;
  const fraction = (steps % 10n ** DECIMALS).toString().padStart(Number(DECIMALS), "0");
  return `${integerText(steps / 10n ** DECIMALS)}.${fraction}`;
}

/** Write an amount in MOR with all its digits. */
export function exactMor(amount: bigint, unit: "uMor" | "wei" = "uMor"): string {
  return formatMor((unit === "wei" ? amount : amount * WEI_PER_UMOR) as Wei);
}

/** Write a moment in Unix seconds to the second: `2026-01-01 00:00:00 UTC`. */
export function momentText(at: bigint): string {
  return `${isoMoment(at).slice(0, 19).replace("T", " ")} UTC`;
}

/** Write a moment in Unix seconds as ISO 8601. One that no date can hold is written as the last that can. */
export function isoMoment(at: bigint): string {
  const LAST = 253_402_300_799n;
  return new Date(Number(at < LAST ? at : LAST) * 1_000).toISOString().replace(".000Z", "Z");
}

/** Write a number with the word for it. */
export function plural(count: number, one: string, many: string): string {
  return `${integerText(count)} ${count === 1 ? one : many}`;
}

/** What somebody else wrote, as one short line: controls and marks that turn the direction of text are replaced. */
export function foreignText(text: string, limit = 80): string {
  const line = text.slice(0, 4 * limit).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : line;
}
