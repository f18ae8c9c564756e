const MAX_DESCRIPTION = 96;

/** Describe an unknown value in at most 96 characters, so that hostile input cannot flood a log. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(
        value.length > MAX_DESCRIPTION ? `${value.slice(0, MAX_DESCRIPTION - 20)}… (${value.length})` : value,
      );
    case "bigint":
      return describeBigint(value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `array of ${value.length}`;
      return value instanceof Uint8Array ? `${value.length} bytes` : "object";
    default:
      return typeof value;
  }
}

function describeBigint(value: bigint): string {
  // A wider integer could be megabytes of digits, and converting it is quadratic.
  return BigInt.asIntN(512, value) === value ? `${value}n` : "bigint of more than 512 bits";
}
