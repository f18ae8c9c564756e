import { expect } from "chai";
import {
  createProgress,
  formatDuration,
  formatInteger,
  formatMor,
  formatPercent,
  formatTable,
  formatUMor,
} from "../../../scripts/replay/output/index.js";

describe("formatting", () => {
  it("groups figures and cuts MOR towards zero", () => {
    expect(formatInteger(4_088_665n)).to.equal("4,088,665");
    expect(formatInteger(-1_000)).to.equal("-1,000");
    expect(formatInteger(999)).to.equal("999");
    expect(formatMor(1_234_567_899_999_999_999_999n)).to.equal("1,234.5678");
    expect(formatMor(-1n)).to.equal("-0.0000");
    expect(formatMor(5n * 10n ** 17n, 0)).to.equal("0");
    expect(formatUMor(1_500_000n, 2)).to.equal("1.50");
    expect([850, 12_345, 185_000].map(formatDuration)).to.deep.equal(["850 ms", "12.3 s", "3 min 05 s"]);
    expect(formatPercent(987n, 1_000n)).to.equal("98.7 %");
    expect(formatPercent(1n, 0n)).to.equal("-");
  });

  it("aligns a table", () => {
    const table = formatTable(
      [{ title: "provider", align: "left" }, { title: "T" }],
      [
        ["groq", "1,000"],
        ["anyscale-x", "7"],
      ],
    );
    expect(table.split("\n")).to.deep.equal([
      "provider        T",
      "----------  -----",
      "groq        1,000",
      "anyscale-x      7",
    ]);
  });
});

describe("createProgress", () => {
  function run(isTTY: boolean): string[] {
    const written: string[] = [];
    let ms = 0;
    const output = { isTTY, columns: 60, write: (text: string) => written.push(text) };
    const progress = createProgress({ output, label: "replay", total: 100, now: () => (ms += 10) });
    for (let done = 1; done <= 100; done++) progress.update(done, { served: `${done}` });
    progress.note("day 2 begins");
    progress.finish();
    return written;
  }

  it("prints a plain line at every tenth where there is no terminal", () => {
    const lines = run(false);
    expect(lines).to.have.length(11);
    expect(lines[0]).to.match(/^replay {2}10 % {2}10\/100 {2}\d+ ms {2}served 10\n$/);
    expect(lines.join("")).to.not.include("\u001b").and.not.include("\r");
  });

  it("redraws a bar in place on a terminal, ten times a second, within its width", () => {
    const drawn = run(true);
    expect(drawn.length).to.be.below(30);
    expect(drawn.at(-1)).to.equal("\n");
    expect(drawn.at(-2)).to.include("replay 100 %");
    for (const text of drawn.slice(0, -1))
      if (text.startsWith("\r█")) expect(text.replace("\u001b[K", "").length).to.be.at.most(60);
  });
});
