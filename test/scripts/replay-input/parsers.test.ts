import { expect } from "chai";
import fc from "fast-check";
import { parseDecimal, scaleDown, scaleExact } from "../../../scripts/replay/input/decimal.js";
import {
  DuplicatePrice,
  InputError,
  InvalidField,
  InvalidSetting,
  latencyMsOf,
  loadInput,
  OutOfOrder,
  parseLatencies,
  parsePrices,
  parseTrace,
  TruncatedFile,
  UnknownModel,
  UnreadableFile,
  WrongFieldCount,
  WrongHeader,
} from "../../../scripts/replay/input/index.js";
import { parseTicks } from "../../../scripts/replay/input/timestamp.js";

const TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens";
const LATENCY =
  "provider,model,seq,error_code,ttft_s,end_to_end_latency_s,inter_token_latency_s,number_input_tokens,number_output_tokens";
const PRICES = "provider,model,source_key,usd_per_1m_input,usd_per_1m_output";
const MOMENT = "2023-11-16 18:15:46.6805900";

type Class = new (...args: never[]) => InputError;

/** Assert that a call is refused by class, at a line and a field. */
function refused(call: () => unknown, kind: Class, line?: number, field?: string): void {
  try {
    call();
  } catch (error) {
    expect(error).to.be.instanceOf(kind);
    if (!(error instanceof InputError)) return;
    expect([error.line, error.field]).to.deep.equal([line, field]);
    expect(error.message).to.include(error.file);
    expect(error.next).to.not.equal("");
    return;
  }
  expect.fail(`not refused as ${kind.name}`);
}

describe("parseTrace", () => {
  const trace =
    (...rows: string[]) =>
    () =>
      parseTrace([TRACE, ...rows].join("\n"), "trace.csv");

  it("reads rows with LF or CRLF, with or without a last line end", () => {
    const rows = [{ arrivalMs: 1_700_158_546_680n, contextTokens: 374n, tokens: 44n }];
    for (const end of ["", "\n", "\r\n"]) {
      expect(parseTrace(`${TRACE}\r\n${MOMENT},374,44${end}`, "trace.csv")).to.deep.equal(rows);
    }
    expect(trace(`${MOMENT},374,44`, `${MOMENT},1,0`)()).to.have.length(2);
  });

  it("refuses what is no trace and says where", () => {
    refused(() => parseTrace("", "trace.csv"), WrongHeader, 1);
    refused(() => parseTrace(`${PRICES}\n`, "trace.csv"), WrongHeader, 1);
    refused(() => parseTrace(`${TRACE}\n`, "trace.csv"), TruncatedFile, 2);
    refused(trace(`${MOMENT},374,44`, `${MOMENT},37`), TruncatedFile, 3);
    refused(trace(`${MOMENT},374`, `${MOMENT},374,44`), WrongFieldCount, 2);
    refused(trace(`${MOMENT},374,44,9`), WrongFieldCount, 2);
    refused(trace(`${MOMENT},374,44`, "", `${MOMENT},374,44`), WrongFieldCount, 3);
  });

  it("refuses negative, fractional, exponent, hex, signed, blank and absurd token counts", () => {
    for (const tokens of ["-1", "1.5", "1e3", "0x10", "+1", "", " 1", "NaN", "1".repeat(16), "1_000"]) {
      refused(trace(`${MOMENT},374,${tokens}`), InvalidField, 2, "GeneratedTokens");
      refused(trace(`${MOMENT},${tokens},44`), InvalidField, 2, "ContextTokens");
    }
  });

  it("refuses timestamps of another form, impossible ones, and ones out of order by a tick", () => {
    for (const stamp of [
      "2023-11-16T18:15:46.6805900",
      "2023-11-16 18:15:46.680",
      "2023-02-30 00:00:00.0000000",
      "x",
    ]) {
      refused(trace(`${stamp},1,1`), InvalidField, 2, "TIMESTAMP");
    }
    refused(trace(`${MOMENT},1,1`, "2023-11-16 18:15:46.6805899,1,1"), OutOfOrder, 3, "TIMESTAMP");
  });

  it("keeps all seven digits of a timestamp", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 4_102_444_800_000n), fc.bigInt(0n, 9_999n), (ms, rest) => {
        const iso = new Date(Number(ms)).toISOString();
        const text = `${iso.slice(0, 10)} ${iso.slice(11, 23)}${rest.toString().padStart(4, "0")}`;
        expect(parseTicks(text)).to.equal(ms * 10_000n + rest);
      }),
    );
  });
});

describe("parseLatencies", () => {
  const latencies =
    (...rows: string[]) =>
    () =>
      parseLatencies([LATENCY, ...rows].join("\n"), "latency.csv", ["m"]);

  it("scales a measured answer exactly: floor(tokens x 1000 x seconds / measured tokens)", () => {
    const [row] = latencies("p,m,0,,0.5,1.5281514210000182,0.01,550,151")();
    expect(row && latencyMsOf(row, 44n)).to.equal(445n);
    expect(row && latencyMsOf(row, 151n)).to.equal(1_528n);
    expect(row && latencyMsOf(row, 0n)).to.equal(0n);
  });

  it("keeps failed rows as failed, whatever partial figures they carry", () => {
    const rows = latencies("p,m,0,429,0,0,0.0,550,0", "p,m,1,-100,0.8,1.7,1.7,550,39")();
    expect(rows.map(({ failed, errorCode }) => [failed, errorCode])).to.deep.equal([
      [true, "429"],
      [true, "-100"],
    ]);
  });

  it("refuses bad fields", () => {
    refused(latencies("p,n,0,,0,1,0,1,1"), UnknownModel, 2, "model");
    refused(latencies(",m,0,,0,1,0,1,1"), InvalidField, 2, "provider");
    refused(latencies("p,m,0,,0,-1,0,1,1"), InvalidField, 2, "end_to_end_latency_s");
    refused(latencies("p,m,0,,0,1e3,0,1,1"), InvalidField, 2, "end_to_end_latency_s");
    refused(latencies("p,m,0,oops,0,1,0,1,1"), InvalidField, 2, "error_code");
    refused(latencies("p,m,0,,0,1,0,1,1.5"), InvalidField, 2, "number_output_tokens");
    refused(latencies("p,m,0,,0,1,0,1,0"), InvalidField, 2, "number_output_tokens");
    refused(latencies("p,m,1,,0,1,0,1,1", "p,m,1,,0,1,0,1,1"), OutOfOrder, 3, "seq");
    refused(latencies("p,m,0,,0,1,0,1,1", "p,m,1,,0,1"), TruncatedFile, 3);
  });
});

describe("parsePrices", () => {
  const prices =
    (...rows: string[]) =>
    () =>
      parsePrices([PRICES, ...rows].join("\n"), "prices.csv", { knownModels: ["m"] });

  it("turns dollars a million T into wei per T exactly, at $20 a MOR", () => {
    const wei = (usd: string) => prices(`p,m,key,0.1,${usd}`)()[0]?.priceWei;
    expect(wei("2")).to.equal(100_000_000_000n);
    expect(wei("0.15"), "0.15 is no double").to.equal(7_500_000_000n);
    expect(wei("2.56")).to.equal(128_000_000_000n);
    expect(wei("0.0000000001")).to.equal(5n);
    const at = { usdPerMor: { digits: 125n, scale: 1 } };
    expect(parsePrices(`${PRICES}\np,m,key,0,0.5`, "prices.csv", at)[0]?.priceWei).to.equal(40_000_000_000n);
  });

  it("refuses bad fields", () => {
    for (const usd of ["0", "-1", "1e-3", "", "$1", "1..5", "0.00000000001"]) {
      refused(prices(`p,m,key,0.1,${usd}`), InvalidField, 2, "usd_per_1m_output");
    }
    refused(prices("p,m,key,free,1"), InvalidField, 2, "usd_per_1m_input");
    refused(prices("p,n,key,0,1"), UnknownModel, 2, "model");
    refused(prices("p,m,key,0,1", "p,m,other,0,2"), DuplicatePrice, 3, "model");
    refused(
      () => parsePrices(`${PRICES}\np,m,k,0,1`, "prices.csv", { usdPerMor: { digits: 0n, scale: 0 } }),
      InvalidSetting,
      undefined,
      "usdPerMor",
    );
  });
});

describe("loadInput", () => {
  it("names a file that is not there, and asks for latencies and prices together", () => {
    refused(() => loadInput({ seed: 1, traceFile: "no/such.csv" }), UnreadableFile);
    refused(() => loadInput({ seed: 1, latencyFile: "l.csv" }), InvalidSetting, undefined, "prices");
    refused(() => loadInput({ seed: 1, pricesFile: "p.csv" }), InvalidSetting, undefined, "latency");
    refused(() => loadInput({ seed: 1, requests: 0 }), InvalidSetting, undefined, "requests");
  });
});

describe("decimals", () => {
  it("are exact", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.integer({ min: 1, max: 18 }), (digits, scale) => {
        const text = digits.toString().padStart(scale + 1, "0");
        const value = parseDecimal(`${text.slice(0, -scale)}.${text.slice(-scale)}`);
        expect(value).to.deep.equal({ digits, scale });
        if (value === undefined) return;
        expect(scaleExact(value, 10n ** BigInt(scale), 1n)).to.equal(digits);
        expect(scaleDown(value, 1n, 1n)).to.equal(digits / 10n ** BigInt(scale));
      }),
    );
  });
});
