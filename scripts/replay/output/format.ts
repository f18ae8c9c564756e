const WEI_PER_MOR = 10n ** 18n;

/** Write a whole number in groups of three: 4,088,665. */
export function formatInteger(value: bigint | number): string {
  const text = value.toString();
  const digits = text.startsWith("-") ? text.slice(1) : text;
  return (text.startsWith("-") ? "-" : "") + digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Write wei as MOR with a fixed number of decimals, rounded towards zero: 1,234.5678. */
export function formatMor(wei: bigint, decimals = 4): string {
  const positive = wei < 0n ? -wei : wei;
  const fraction = (positive % WEI_PER_MOR).toString().padStart(18, "0").slice(0, decimals);
  const whole = formatInteger(positive / WEI_PER_MOR);
  return (wei < 0n ? "-" : "") + (decimals === 0 ? whole : `${whole}.${fraction}`);
}

/** Write uMOR (1e12 wei) as MOR. */
export function formatUMor(uMor: bigint, decimals = 4): string {
  return formatMor(uMor * 10n ** 12n, decimals);
}

/** Write a duration: 850 ms, 12.3 s, 3 min 05 s. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Write a share in percent with one decimal, rounded down: 98.7 %. */
export function formatPercent(part: bigint, whole: bigint): string {
  if (whole === 0n) return "-";
  const tenths = (part * 1_000n) / whole;
  return `${formatInteger(tenths / 10n)}.${tenths % 10n} %`;
}
