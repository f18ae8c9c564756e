/** 100 ns, the resolution of a trace's seven fractional digits. */
export const TICKS_PER_MS = 10_000n;

const FORM = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{7})$/;

/** Parse "2023-11-16 18:15:46.6805900" (UTC) into 100-ns ticks since 1970. Undefined when it is no such moment. */
export function parseTicks(text: string): bigint | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}.000Z`;
  const ms = Date.parse(iso);
  // Date.parse rolls 30 February over to March: only a moment that prints as it was written exists.
  if (!Number.isFinite(ms) || new Date(ms).toISOString() !== iso) return undefined;
  return BigInt(ms) * TICKS_PER_MS + BigInt(match[7] ?? "0");
}
