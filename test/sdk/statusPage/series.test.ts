import { expect } from "chai";
import fc from "fast-check";
import { renderChart } from "../../../sdk/src/statusPage/chart.js";
import {
  durationText,
  foreignText,
  isoMoment,
  integerText,
  momentText,
  morText,
} from "../../../sdk/src/statusPage/format.js";
import { escapeHtml, html } from "../../../sdk/src/statusPage/html.js";
import { PoolSeries } from "../../../sdk/src/statusPage/series.js";
import type { PoolPoint } from "../../../sdk/src/statusPage/snapshot.js";
import type { UnixSeconds, Wei } from "../../../sdk/src/units/index.js";

const wei = (value: bigint): Wei => value as Wei;
const pointAt = (at: number, blockNumber = at): PoolPoint => ({
  blockNumber,
  at: BigInt(at) as UnixSeconds,
  unusedWei: wei(1n),
  owedWei: wei(2n),
  bootstrapWei: wei(3n),
  budgetWei: wei(4n),
  allowanceWei: wei(5n),
});

describe("pool series", () => {
  it("stays within its length, in order, with its first and last moment", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 3, maxLength: 200 }), (steps) => {
        const series = new PoolSeries(24);
        let at = 0;
        for (const step of steps) series.add(pointAt((at += step)));
        const times = series.points.map((point) => Number(point.at));
        expect(times.length).to.be.at.most(24);
        expect([times[0], times[times.length - 1]]).to.deep.equal([steps[0], at]);
        expect(times).to.deep.equal([...times].sort((a, b) => a - b));
      }),
    );
  });

  it("covers the whole time, the last of it more closely", () => {
    const series = new PoolSeries(100);
    for (let at = 0; at < 100_000; at += 10) series.add(pointAt(at));
    const times = series.points.map(({ at }) => Number(at));
    const widest = (from: number, to: number) =>
      Math.max(...times.flatMap((at, i) => (i > 0 && at > from && at <= to ? [at - times[i - 1]!] : [])));
    expect(widest(0, 50_000)).to.be.below(5_000);
    expect(widest(95_000, 100_000)).to.be.below(widest(0, 50_000) / 2);
  });

  it("keeps one point of a block, and takes those back that never were", () => {
    const series = new PoolSeries();
    series.add(pointAt(1));
    series.add(pointAt(2));
    series.add({ ...pointAt(3, 2), unusedWei: wei(9n) });
    series.add(pointAt(4));
    expect(series.points.map(({ unusedWei }) => unusedWei)).to.deep.equal([1n, 9n, 1n]);
    series.dropAbove(2);
    expect(series.points.map(({ at }) => at)).to.deep.equal([1n, 3n]);
  });
});

describe("status page text", () => {
  it("rounds amounts down and separates thousands", () => {
    const cases: [bigint, string][] = [
      [0n, "0.0000"],
      [99n, "0.0000"],
      [100n, "0.0001"],
      [1_234_567_899_999n, "1,234,567.8999"],
    ];
    for (const [uMor, text] of cases) expect(morText(uMor)).to.equal(text);
    expect(morText(10n ** 18n - 1n, "wei")).to.equal("0.9999");
    expect(integerText(1_000n)).to.equal("1,000");
  });

  it("writes moments and durations, even those that no date can hold", () => {
    expect(momentText(1_767_225_600n)).to.equal("2026-01-01 00:00:00 UTC");
    expect(isoMoment(2n ** 64n)).to.equal("9999-12-31T23:59:59Z");
    const cases: [number, string][] = [
      [-3, "0 s"],
      [59.9, "59 s"],
      [61, "1 min 01 s"],
      [3_600, "1 h 00 min"],
      [2 * 86_400 + 3 * 3_600, "2 d 03 h"],
    ];
    for (const [seconds, text] of cases) expect(durationText(seconds)).to.equal(text);
  });

  it("escapes all that is put into markup, and never twice what is markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        const { text: made } = html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`;
        expect(made.replace(/^<p title="|">|<b>|<\/b>|<\/p>$/g, "")).to.not.match(/[<>"']/);
        const back = escapeHtml(text).replace(
          /&(lt|gt|quot|#39|amp);/g,
          (_, name: string) => ({ lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" })[name] ?? "",
        );
        expect(back).to.equal(text);
      }),
    );
  });

  it("makes one short line of what somebody else wrote, without controls or turned text", () => {
    expect(foreignText("a\n\u0000b\u202ec\u2066d")).to.equal("a\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}d");
    expect([...foreignText("\u{1f600}".repeat(500))]).to.have.length(80);
    expect(foreignText("x".repeat(100_000), 10)).to.equal(`${"x".repeat(9)}…`);
  });

  it("draws every line within its bounds, of one moment too, and says in words what is to be seen", () => {
    const values = fc.array(fc.bigInt({ min: 0n, max: 10n ** 27n }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.boolean(), (valuesWei, fromZero) => {
        const times = valuesWei.map((_, i) => BigInt(1_700_000_000 + i * 60));
        const { text } = renderChart({ title: "T", times, lines: [{ name: "Free", valuesWei }], fromZero });
        const [, path = ""] = /class="line line-0" d="([^"]+)"/.exec(text) ?? [];
        const numbers = [...path.matchAll(/-?\d+/g)].map(([digits]) => Number(digits));
        expect(numbers).to.not.be.empty;
        expect(Math.min(...numbers)).to.be.at.least(0);
        expect(Math.max(...numbers)).to.be.at.most(1_000);
        const most = valuesWei.reduce((a, b) => (b > a ? b : a));
        expect(text).to.include(`at the most ${morText(most, "wei")} MOR`);
        if (text.includes('class="area"'))
          expect(text, "filled from 0 only").to.include('<span class="bound">0.0000</span>');
      }),
    );
  });
});
