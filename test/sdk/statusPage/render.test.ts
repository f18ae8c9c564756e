import { expect } from "chai";
import { createStatusCollector, type StatusSnapshot } from "@yellowstone-compute/sdk/status-page";
import { deploySuite, networkHelpers } from "../actions/fixture.js";
import { renderChart } from "../../../sdk/dist/statusPage/chart.js";
import type { Html } from "../../../sdk/dist/statusPage/html.js";
import { renderWaiting } from "../../../sdk/dist/statusPage/page.js";
import { renderBlock, renderNews, renderNow } from "../../../sdk/dist/statusPage/renderNow.js";
import * as tables from "../../../sdk/dist/statusPage/renderTables.js";
import { busySnapshot } from "./world.js";

/** What a reader reads: no markup, single spaces. */
const words = ({ text }: Html): string =>
  text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

describe("status page, in words", () => {
  it("says of each table of a new deployment that nothing is in it", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const collector = createStatusCollector(d);
    await collector.collect();
    const snapshot = collector.current()!;
    const now = snapshot.block.timestamp;
    expect(words(tables.renderAttestations(snapshot, now))).to.equal("No attestation yet.");
    expect(words(tables.renderProviders(snapshot, 1))).to.equal("Nobody is registered.");
    expect(words(tables.renderTotals(snapshot))).to.include("0 providers");
    expect(words(tables.renderSeasons(snapshot, now))).to.equal("This deployment has no bootstrap pool.");
    expect(words(renderNews({ ...snapshot, news: [] }))).to.equal("Nothing has happened yet.");
    expect(tables.pageCount(snapshot)).to.equal(1);
    const tiles = words(renderNow(snapshot, now));
    expect(tiles).to.include("none yet").and.include("nothing was credited").and.include("of it not booked yet");
  });

  describe("of a busy deployment", () => {
    let snapshot: StatusSnapshot;
    let now: bigint;
    before(async () => {
      snapshot = await busySnapshot();
      now = snapshot.block.timestamp;
    });

    it("says that attestations are paused, until when, and what the guardian has left", () => {
      const until = (now + 90n) as StatusSnapshot["pause"]["until"];
      const paused = (armed: boolean) => words(renderNow({ ...snapshot, pause: { until, armed } }, now));
      expect(paused(true)).to.include("paused").and.include("ends in 1 min 30 s");
      expect(words(renderNow({ ...snapshot, pause: { until, armed: true } }, now + 90n))).to.include("ends in over");
      const running = (armed: boolean) =>
        words(renderNow({ ...snapshot, pause: { ...snapshot.pause, until: undefined, armed } }, now));
      expect(running(true)).to.include("running").and.include("may pause once");
      expect(running(false)).to.include("pause is spent");
    });

    it("says how many inference blocks wait for an attestation, none where it is ahead of them", () => {
      const said = (openBlock: bigint, nextBlock: bigint) => {
        const head = { ...snapshot.state.head, openBlock, nextBlock };
        return words(renderNow({ ...snapshot, state: { ...snapshot.state, head } }, now));
      };
      expect(said(12n, 9n)).to.include("inference block 12 is open, 3 wait");
      expect(said(12n, 13n)).to.include("inference block 12 is open, 0 wait");
    });

    it("says of a season what comes next, and of each rank how far its award is", () => {
      const [season] = snapshot.seasons;
      const rank = { ...season!.ranks[0]!, entered: false, awarded: false };
      const said = (phase: string, ranks: readonly object[]) =>
        words(tables.renderSeasons({ ...snapshot, seasons: [{ ...season!, phase, ranks }] } as StatusSnapshot, now));
      expect(said("running", [rank])).to.match(/runs, for .* until .*; its pool would now be at the least/);
      expect(said("running", [rank])).to.include("not entered");
      expect(said("entering", [{ ...rank, entered: true }])).to.match(/ entered$/);
      expect(said("closable", []))
        .to.include("can be closed; its pool would")
        .and.include("Nobody was credited in it.");
      expect(said("closed", [rank]))
        .to.include("its pool was")
        .and.match(/ due$/);
      expect(said("closed", [{ ...rank, awarded: true }])).to.match(/ paid$/);
    });

    it("says of an attestation whether it stands, and of one without blocks that it has none", () => {
      const [row] = snapshot.attestations;
      const said = (change: object) =>
        words(tables.renderAttestations({ ...snapshot, attestations: [{ ...row!, ...change }] }, now));
      expect(said({ standing: "vetoed" }))
        .to.include("dropped")
        .and.not.include("since");
      expect(said({ standing: "active" })).to.include("since");
      expect(said({ standing: "pending", activeAt: now + 61n })).to.include("ends in 1 min 01 s");
      expect(said({ firstBlock: 9n, lastBlock: 8n })).to.include("none");
      expect(said({ firstBlock: 9n, lastBlock: 9_000n })).to.include("9 to 9,000");
    });

    it("says how old its figures are, and why there are no newer ones", () => {
      const trouble = { reason: "no answer", since: now } as unknown as NonNullable<StatusSnapshot["trouble"]>;
      expect(words(renderBlock({ ...snapshot, trouble }, now + 5n))).to.not.equal(
        words(renderBlock({ ...snapshot, trouble: undefined }, now + 5n)),
      );
    });
  });

  it("says while it waits why the chain cannot be read, if it cannot", () => {
    const trouble = { code: "LogsPruned", reason: "gone <b>", next: "Ask another.", retry: "no" } as const;
    expect(renderWaiting(trouble)).to.include("The chain cannot be read: gone &lt;b&gt;. Ask another.");
    expect(renderWaiting(undefined)).to.include("are being read").and.not.include("cannot be read");
  });

  it("draws a single moment as a level line, and several from their lowest to their highest", () => {
    const line = (valuesWei: bigint[]) => ({ name: "free", valuesWei });
    const drawn = (times: bigint[], values: bigint[], fromZero?: boolean): string =>
      renderChart({
        title: "Free",
        times,
        lines: [line(values)],
        ...(fromZero === undefined ? {} : { fromZero }),
      }).text;
    const level = /\bd="M0 (\d+)H(\d+)"/;
    expect(drawn([10n], [5n])).to.match(level);
    expect(drawn([], [])).to.match(level);
    expect(drawn([10n, 20n, 30n], [5n, 9n, 1n])).to.not.match(level);
    expect(drawn([10n, 20n], [5n, 5n], true)).to.not.equal(drawn([10n, 20n], [5n, 6n], true));
  });
});
