/** Integers are written as text with an `n`; no text of a stored record looks like that. */
const INTEGER = /^-?\d+n$/;

/** Write a value as JSON with its bigints, keys in order: equal values give equal texts. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : sorted(inner)));
}

/** Read what `writeJson` wrote. @throws SyntaxError for what is no JSON */
export function readJson(text: string): unknown {
  return JSON.parse(text, (_key, inner: unknown) =>
    typeof inner === "string" && INTEGER.test(inner) ? BigInt(inner.slice(0, -1)) : inner,
  ) as unknown;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
