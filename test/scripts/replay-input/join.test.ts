import { expect } from "chai";
import { createHash } from "node:crypto";
import {
  InvalidSetting,
  joinInput,
  loadInput,
  ModelWithoutBid,
  parsePrices,
  syntheticLatencies,
  syntheticPrices,
  syntheticTrace,
  syntheticUsers,
  type ReplayInput,
} from "../../../scripts/replay/input/index.js";
import { sharedFile } from "../../utils/shared.js";

/** Digest of everything drawn, to compare two inputs. */
function digest(input: ReplayInput): string {
  const text = JSON.stringify([input.bids, input.users, input.requests, input.notices], (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return createHash("sha256").update(text).digest("hex");
}

describe("syntheticTrace", () => {
  const rows = syntheticTrace(7, 20_000);
  const tokens = rows.map((row) => Number(row.tokens)).sort((a, b) => a - b);

  it("has the arrivals of the real hour: about 66 requests in 12 seconds, in order", () => {
    const seconds = Number((rows.at(-1)?.arrivalMs ?? 0n) - (rows[0]?.arrivalMs ?? 0n)) / 1_000;
    expect((rows.length / seconds) * 12).to.be.within(62, 69);
    expect(rows.every((row, i) => i === 0 || row.arrivalMs >= (rows[i - 1]?.arrivalMs ?? 0n))).to.equal(true);
  });

  it("has its tokens: mean 211, median 129, 7 to 1,000", () => {
    expect(tokens.reduce((sum, count) => sum + count, 0) / tokens.length).to.be.within(205, 220);
    expect(tokens[10_000]).to.be.within(124, 134);
    expect(tokens[0]).to.be.at.least(7);
    expect(tokens.at(-1)).to.be.at.most(1_000);
  });
});

describe("syntheticUsers", () => {
  it("hold balances with a heavy tail, and the same from the same seed", () => {
    const users = syntheticUsers(3, 100);
    const balances = users.map(({ balanceWei }) => balanceWei).sort((a, b) => (a < b ? -1 : 1));
    const total = balances.reduce((sum, balance) => sum + balance, 0n);
    expect(balances.slice(-10).reduce((sum, balance) => sum + balance, 0n) * 100n > total * 35n, "top tenth").to.equal(
      true,
    );
    expect(
      balances.slice(0, 25).reduce((sum, balance) => sum + balance, 0n) * 100n < total * 5n,
      "low quarter",
    ).to.equal(true);
    expect(syntheticUsers(3, 10)).to.deep.equal(users.slice(0, 10));
    expect(new Set(users.map(({ address }) => address)).size).to.equal(100);
  });
});

describe("joinInput", () => {
  const latencies = syntheticLatencies(1);
  const prices = syntheticPrices();
  const trace = syntheticTrace(1, 2_000);

  it("joins by index, cycles each provider's rows, multiplies the bids and says who does not bid", () => {
    const input = joinInput({ trace, latencies, prices }, { seed: 1, bidScale: 1_000n, users: 20 });
    expect(input.providers).to.have.length(8);
    expect(input.bids).to.have.length(21);
    expect(input.notices).to.include("hazel has no price for llama-2-70b-chat: does not bid");
    const alder = input.providers.indexOf("alder");
    expect(input.bids.find(({ provider, model }) => provider === alder && model === 0)?.priceWei).to.equal(
      13n * 10n ** 12n,
    );
    for (const k of [0, 7, 149]) {
      expect(input.answerOf(alder, 2, k, 100n)).to.deep.equal(input.answerOf(alder, 2, k + 150, 100n));
    }
    expect(input.supplyWei).to.equal(input.users.reduce((sum, { balanceWei }) => sum + balanceWei, 0n));
  });

  it("draws models in proportion to the mix, and mostly users who hold much", () => {
    const input = joinInput({ trace, latencies, prices }, { seed: 1, users: 20 });
    const asked = (model: number): number => input.requests.filter((request) => request.model === model).length;
    expect(asked(0)).to.be.within(500, 700);
    expect(asked(2)).to.be.within(700, 900);
    const order = input.users
      .map((_, i) => i)
      .sort((a, b) => (input.users[a]!.balanceWei < input.users[b]!.balanceWei ? 1 : -1));
    const by = (user: number | undefined): number => input.requests.filter((request) => request.user === user).length;
    expect(by(order[0])).to.be.above(3 * by(order.at(-1)));
    expect(by(order.at(-1)), "the smallest asks too").to.be.above(0);
  });

  it("is the same from the same seed and another from another", () => {
    const of = (seed: number): string => digest(joinInput({ trace, latencies, prices }, { seed, users: 5 }));
    expect(of(1)).to.equal(of(1));
    expect(of(2)).to.not.equal(of(1));
  });

  it("minds a model nobody bids on only if it is requested", () => {
    const without = prices.filter(({ model }) => model !== "llama-2-7b-chat");
    expect(() => joinInput({ trace, latencies, prices: without }, { seed: 1, users: 5 })).to.throw(
      ModelWithoutBid,
      "llama-2-7b-chat",
    );
    const mix = new Map([
      ["llama-2-7b-chat", 0],
      ["llama-2-70b-chat", 1],
    ]);
    const input = joinInput({ trace, latencies, prices: without }, { seed: 1, users: 5, mix });
    expect(input.requests.every(({ model }) => model === 1)).to.equal(true);
    expect(input.notices).to.include("nobody bids on llama-2-7b-chat: it is not requested");
  });

  it("says who has a price and no measurement", () => {
    const extra = parsePrices(
      "provider,model,source_key,usd_per_1m_input,usd_per_1m_output\nzelkova,llama-2-7b-chat,k,1,1",
      "p",
    );
    const input = joinInput({ trace, latencies, prices: [...prices, ...extra] }, { seed: 1, users: 5 });
    expect(input.notices).to.include("zelkova has no measured latency for llama-2-7b-chat: does not bid");
  });

  it("refuses settings that cannot be", () => {
    for (const settings of [
      { users: 0 },
      { users: 1.5 },
      { bidScale: 0n },
      { mix: new Map([["m", -1]]) },
      { mix: new Map<string, number>() },
    ]) {
      expect(() => joinInput({ trace, latencies, prices }, { seed: 1, ...settings })).to.throw(InvalidSetting);
    }
  });
});

describe("loadInput on the real files", () => {
  it("reads 19,366 requests with 4,088,665 T, 16 bids, and says that lepton has no price", function () {
    const traceFile = sharedFile("data", "AzureLLMInferenceTrace_conv.csv");
    const latencyFile = sharedFile("data", "llmperf_individual.csv");
    const pricesFile = sharedFile("data", "provider_prices_llama2.csv");
    if (traceFile === undefined || latencyFile === undefined || pricesFile === undefined) return this.skip();
    const input = loadInput({ seed: 1, traceFile, latencyFile, pricesFile });
    expect(input.requests).to.have.length(19_366);
    expect(input.requests.reduce((sum, { tokens }) => sum + tokens, 0n)).to.equal(4_088_665n);
    expect(input.bids).to.have.length(16);
    expect(input.notices).to.include("lepton has no price for llama-2-70b-chat: does not bid");
    const anyscale = input.providers.indexOf("anyscale");
    expect(input.answerOf(anyscale, 1, 0, 44n)).to.deep.equal({ failed: false, latencyMs: 445n });
    const lepton = input.providers.indexOf("lepton");
    expect(input.answerOf(lepton, 2, 10, 44n)).to.deep.equal({ failed: true });
  });

  it("says what is synthetic without files", () => {
    const { notices, requests } = loadInput({ seed: 9, requests: 100 });
    expect(requests).to.have.length(100);
    expect(notices.filter((line) => line.startsWith("synthetic from seed 9"))).to.have.length(3);
  });
});
