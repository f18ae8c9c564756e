import { parseCount, parseCsv, parseName } from "./csv.js";
import { scaleDown, parseDecimal, type Decimal } from "./decimal.js";
import { OutOfOrder } from "./errors.js";
import { requireKnownModel } from "./models.js";

/** One measured answer of a provider. A failed row may carry partial figures: they are never used. */
export interface LatencyRow {
  readonly provider: string;
  readonly model: string;
  readonly failed: boolean;
  /** The benchmark's error code, empty when the row succeeded. */
  readonly errorCode: string;
  /** End to end, in seconds. */
  readonly latencyS: Decimal;
  readonly outputTokens: bigint;
}

const COLUMNS = [
  "provider",
  "model",
  "seq",
  "error_code",
  "ttft_s",
  "end_to_end_latency_s",
  "inter_token_latency_s",
  "number_input_tokens",
  "number_output_tokens",
] as const;

/** Parse measured latencies, `seq` counting up within a provider and model. Throws an InputError. */
export function parseLatencies(text: string, file: string, knownModels?: readonly string[]): LatencyRow[] {
  const lastSeq = new Map<string, bigint>();
  return parseCsv(text, file, COLUMNS).map((row) => {
    const provider = parseName(row, "provider");
    const model = parseName(row, "model");
    requireKnownModel(row.place("model"), model, knownModels);
    const seq = parseCount(row, "seq");
    const previous = lastSeq.get(`${provider} ${model}`) ?? -1n;
    if (seq <= previous) throw new OutOfOrder(row.place("seq"), `${seq}`, `${previous}`);
    lastSeq.set(`${provider} ${model}`, seq);
    const errorCode = row.get("error_code");
    if (!/^(-?\d{1,9})?$/.test(errorCode)) throw row.invalid("error_code", "empty or a whole number");
    const latencyS = parseDecimal(row.get("end_to_end_latency_s"));
    if (latencyS === undefined) throw row.invalid("end_to_end_latency_s", "seconds as a plain decimal, at least 0");
    const outputTokens = parseCount(row, "number_output_tokens");
    const failed = errorCode !== "";
    if (!failed && outputTokens === 0n)
      throw row.invalid("number_output_tokens", "at least 1 in a row without an error");
    return { provider, model, failed, errorCode, latencyS, outputTokens };
  });
}

/**
 * How long a provider that answered as in `row` needs for `tokens` T: floor(tokens x 1000 x seconds / measured tokens)
 * ms.
 */
export function latencyMsOf(row: LatencyRow, tokens: bigint): bigint {
  return scaleDown(row.latencyS, tokens * 1_000n, row.outputTokens);
}
