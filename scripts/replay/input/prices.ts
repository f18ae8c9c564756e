import { parseCsv, parseName } from "./csv.js";
import { parseDecimal, scaleExact, type Decimal } from "./decimal.js";
import { DuplicatePrice, InvalidSetting } from "./errors.js";
import { requireKnownModel } from "./models.js";

/** A provider's list price of a model, turned into wei of MOR per generated T. */
export interface PriceRow {
  readonly provider: string;
  readonly model: string;
  readonly priceWei: bigint;
}

/** The paper's example: $20 a MOR. */
export const DEFAULT_USD_PER_MOR: Decimal = { digits: 20n, scale: 0 };

const COLUMNS = ["provider", "model", "source_key", "usd_per_1m_input", "usd_per_1m_output"] as const;

/**
 * Parse list prices. A bid is usd / (usd per MOR) x 1e12 wei per T, exactly: a price that is no whole number of wei is
 * refused. Throws an InputError.
 */
export function parsePrices(
  text: string,
  file: string,
  options: { readonly knownModels?: readonly string[]; readonly usdPerMor?: Decimal } = {},
): PriceRow[] {
  const usdPerMor = options.usdPerMor ?? DEFAULT_USD_PER_MOR;
  if (usdPerMor.digits <= 0n) throw new InvalidSetting("usdPerMor", 0, "above 0");
  const weiPerUsd = 10n ** 12n * 10n ** BigInt(usdPerMor.scale);
  const seen = new Set<string>();
  return parseCsv(text, file, COLUMNS).map((row) => {
    const provider = parseName(row, "provider");
    const model = parseName(row, "model");
    requireKnownModel(row.place("model"), model, options.knownModels);
    if (seen.has(`${provider} ${model}`)) throw new DuplicatePrice(row.place("model"), provider, model);
    seen.add(`${provider} ${model}`);
    if (parseDecimal(row.get("usd_per_1m_input")) === undefined) {
      throw row.invalid("usd_per_1m_input", "dollars as a plain decimal, at least 0");
    }
    const usd = parseDecimal(row.get("usd_per_1m_output"));
    const priceWei = usd && scaleExact(usd, weiPerUsd, usdPerMor.digits);
    if (priceWei === undefined || priceWei === 0n) {
      throw row.invalid("usd_per_1m_output", "dollars as a plain decimal above 0 that is a whole number of wei per T");
    }
    return { provider, model, priceWei };
  });
}
