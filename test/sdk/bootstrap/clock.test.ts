import { expect } from "chai";
import fc from "fast-check";
import {
  bootstrapLackWei,
  bootstrapTargetWei,
  bootstrapWindow,
  seasonAt,
  seasonBounds,
  seasonCount,
  seasonPhase,
  seasonPoolUMor,
  type BootstrapWindow,
} from "@yellowstone-compute/sdk/bootstrap";
import { linearDecrease } from "@yellowstone-compute/sdk/emission";
import { BootstrapSeasonUnknown, InvalidWindow } from "@yellowstone-compute/sdk/errors";
import { DAY_SECONDS, EMISSION_START, WEI_PER_UMOR } from "@yellowstone-compute/sdk/units";

const DAY = BigInt(DAY_SECONDS);
const compute = linearDecrease({
  initialWei: 3456n * 10n ** 18n,
  decreaseWei: 592_558_728_240_000_000n,
  startAt: BigInt(EMISSION_START),
  intervalSeconds: DAY,
});
const historic = bootstrapWindow({
  startAt: 1_715_169_600n,
  endAt: 1_746_705_600n,
  seasonSeconds: 7n * DAY,
  entrySeconds: 3n * DAY,
});
const HISTORIC_WEI = 120_261_076_946_033_280_000_000n;

const anyWindow: fc.Arbitrary<BootstrapWindow> = fc
  .record({
    startAt: fc.bigInt({ min: 0n, max: 1_000n }),
    span: fc.bigInt({ min: 1n, max: 50_000n }),
    seasonSeconds: fc.bigInt({ min: 600n, max: 9_000n }),
    entry: fc.bigInt({ min: 0n, max: 8_999n }),
  })
  .map(({ startAt, span, seasonSeconds, entry }) =>
    bootstrapWindow({
      startAt,
      endAt: startAt + span,
      seasonSeconds,
      entrySeconds: 600n + (entry % (seasonSeconds - 599n)),
    }),
  );

describe("season clock", () => {
  it("the seasons cover the window without a gap, the last one may be shorter", () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        let from = window.startAt;
        for (let season = 0n; season < seasonCount(window); season++) {
          const { startAt, endAt, entryEndAt } = seasonBounds(window, season);
          expect(startAt).to.equal(from);
          expect(endAt > startAt && endAt - startAt <= window.seasonSeconds).to.equal(true);
          expect(entryEndAt - endAt).to.equal(window.entrySeconds);
          expect(seasonAt(window, startAt)).to.equal(season);
          expect(seasonAt(window, endAt - 1n)).to.equal(season);
          from = endAt;
        }
        expect(from).to.equal(window.endAt);
        expect(seasonAt(window, window.endAt)).to.equal(undefined);
        if (window.startAt > 0n) expect(seasonAt(window, window.startAt - 1n)).to.equal(undefined);
      }),
    );
  });

  it("the historic window ends in the middle of its season 52", () => {
    expect(seasonCount(historic)).to.equal(53n);
    const { startAt, endAt } = seasonBounds(historic, 52n);
    expect(endAt - startAt).to.equal(DAY);
  });

  it("a season is ahead, runs, takes entries and can then be closed", () => {
    const bounds = seasonBounds(historic, 3n);
    const { startAt, endAt, entryEndAt } = bounds;
    const phases = [startAt - 1n, startAt, endAt - 1n, endAt, entryEndAt - 1n, entryEndAt];
    expect(phases.map((t) => seasonPhase(bounds, t))).to.deep.equal([
      "ahead",
      "running",
      "running",
      "entering",
      "entering",
      "closable",
    ]);
  });

  it("refuses parameters that are none, and seasons that the window does not have", () => {
    const wrong: Partial<BootstrapWindow>[] = [
      { startAt: -1n },
      { endAt: historic.startAt },
      { seasonSeconds: 599n },
      { entrySeconds: 599n },
      { entrySeconds: historic.seasonSeconds + 1n },
    ];
    for (const change of wrong) {
      expect(() => bootstrapWindow({ ...historic, ...change }), Object.keys(change)[0]).to.throw(InvalidWindow);
    }
    for (const season of [-1n, 53n]) expect(() => seasonBounds(historic, season)).to.throw(BootstrapSeasonUnknown);
  });
});

describe("bootstrap target", () => {
  it("the historic window comes to 120,261.07694603328 MOR, day by day and at once", () => {
    expect(bootstrapTargetWei(historic, compute, historic.endAt)).to.equal(HISTORIC_WEI);
    let accruedWei = 0n;
    for (let t = historic.startAt; t < historic.endAt; t += DAY) {
      const lackWei = bootstrapLackWei(historic, compute, accruedWei, t);
      accruedWei += lackWei;
      expect(accruedWei).to.equal(bootstrapTargetWei(historic, compute, t));
    }
    accruedWei += bootstrapLackWei(historic, compute, accruedWei, historic.endAt);
    expect(accruedWei).to.equal(HISTORIC_WEI);
    expect(bootstrapLackWei(historic, compute, accruedWei, historic.endAt + DAY)).to.equal(0n);
  });

  it("stands still before and after the window: only what is late still comes in", () => {
    expect(bootstrapTargetWei(historic, compute, historic.startAt)).to.equal(0n);
    expect(bootstrapTargetWei(historic, compute, historic.startAt - 99n)).to.equal(0n);
    expect(bootstrapTargetWei(historic, compute, historic.endAt + 10n * DAY)).to.equal(HISTORIC_WEI);
    expect(bootstrapLackWei(historic, compute, 0n, historic.startAt - 1n)).to.equal(0n);
    expect(bootstrapLackWei(historic, compute, HISTORIC_WEI - 5n, historic.endAt + DAY)).to.equal(5n);
  });

  it("a season's pool is what was promised and has come, less what earlier seasons were allotted", () => {
    const promisedUMor = (season: bigint) =>
      bootstrapTargetWei(historic, compute, seasonBounds(historic, season).endAt) / WEI_PER_UMOR;
    const rich = { accruedWei: HISTORIC_WEI, allottedUMor: 0n };
    expect(seasonPoolUMor(historic, compute, 0n, rich)).to.equal(promisedUMor(0n));
    expect(seasonPoolUMor(historic, compute, 1n, { ...rich, allottedUMor: 7n })).to.equal(promisedUMor(1n) - 7n);
    const poor = { accruedWei: 5n * WEI_PER_UMOR + 3n, allottedUMor: 2n };
    expect(seasonPoolUMor(historic, compute, 1n, poor), "only what has arrived").to.equal(3n);
  });
});
