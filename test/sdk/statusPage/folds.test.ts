import { expect } from "chai";
import * as sdk from "../../../sdk/src/index.js";
import { MAX_WEIGHT_UMOR } from "../../../sdk/src/bootstrap/index.js";
import { AttestationFold } from "../../../sdk/src/provider/attestations.js";
import { BooksFold } from "../../../sdk/src/provider/books.js";
import { LedgerHistory } from "../../../sdk/src/provider/history.js";
import { AttestationFoldRows } from "../../../sdk/src/statusPage/attestationFold.js";
import { UNOPENED_POOL, foldPool } from "../../../sdk/src/statusPage/poolFold.js";
import { SeasonFold } from "../../../sdk/src/statusPage/seasonFold.js";
import { seasonRowOf } from "../../../sdk/src/statusPage/seasonRows.js";
import type { StatusEvent } from "../../../sdk/src/statusPage/statusEvents.js";
import { StatusHistory } from "../../../sdk/src/statusPage/statusHistory.js";

const HOUR = 3_600n;
const window = sdk.bootstrapWindow({ startAt: 0n, endAt: 1_000n * HOUR, seasonSeconds: HOUR, entrySeconds: HOUR });
const happened = (name: StatusEvent["name"], value: object, transactionHash = "0x1") =>
  ({ name, value, transactionHash, blockNumber: 1 }) as unknown as StatusEvent;
const attested = (seq: bigint, activeAt: bigint) =>
  happened("attested", { seq, activeAt, creditedUMor: 1n, firstBlock: 1n, lastBlock: 0n });

describe("status page: what is kept of events", () => {
  it("keeps as many attestations as can be pending and shown, the last of them", () => {
    const rows = new AttestationFoldRows(600n);
    for (let seq = 1n; seq <= 400n; seq++) rows.apply(attested(seq, seq), 1);
    const seqs = rows.rows(1_000n, 1_000).map(({ seq }) => seq);
    expect([seqs.length, seqs[0], seqs.at(-1)]).to.deep.equal([320, 400n, 81n]);
  });

  it("takes back from a season what can be vetoed, and no more", () => {
    const seasons = new SeasonFold(window);
    for (let seq = 1n; seq <= 300n; seq++) seasons.apply(attested(seq, 10n), new Map([[7, 2n]]));
    expect(seasons.of(0n).weights.get(7)).to.equal(600n);
    seasons.apply(happened("vetoed", { seq: 1n }), new Map());
    expect(seasons.of(0n).weights.get(7), "256 of them at the most").to.equal(2n * (300n - 256n));
  });

  it("cuts a weight to what an entry holds, as the contract does", () => {
    const weights = new Map([
      [1, MAX_WEIGHT_UMOR],
      [2, MAX_WEIGHT_UMOR + 5n],
      [3, 5n],
    ]);
    const book = { weights, list: [], closed: undefined, awarded: [] };
    const { ranks } = seasonRowOf(window, 0n, book, 10n, sdk.uMor(100n));
    expect(ranks.map(({ id, weightUMor }) => [id, weightUMor])).to.deep.equal([
      [1n, MAX_WEIGHT_UMOR],
      [2n, MAX_WEIGHT_UMOR],
      [3n, 5n],
    ]);
  });

  it("gives free what was netted with a payment of the same transaction, and nothing that a bond has covered", () => {
    const uMor = 10n ** 12n;
    const after = (...events: StatusEvent[]) => {
      const { unusedWei, owedWei } = events.reduce(foldPool, UNOPENED_POOL).books;
      return [unusedWei / uMor, owedWei / uMor];
    };
    const absorbed = (amountUMor: bigint, hash: string) => happened("debtAbsorbed", { amountUMor }, hash);
    const credit = happened("attested", { creditedUMor: 100n, attestedUMor: 100n });
    const claim = happened("claimed", { paidUMor: 10n }, "0x2");
    expect(after(credit, absorbed(3n, "0x2"), absorbed(4n, "0x2"), claim)).to.deep.equal([-93n, 83n]);
    expect(after(credit, absorbed(3n, "0x3"), claim), "of another transaction").to.deep.equal([-100n, 90n]);
    const left = happened("bondWithdrawn", {}, "0x2");
    expect(after(credit, absorbed(3n, "0x2"), left, claim)).to.deep.equal([-100n, 90n]);
  });

  it("a veto takes from what the day began with only what was attested before the day", () => {
    const day = happened("dayOpened", { day: 1n, openingWei: 0n, freshWei: 0n, scheduledWei: 0n });
    const credit = (attestedUMor: bigint) => happened("attested", { creditedUMor: 50n, attestedUMor });
    const veto = (attestedUMor: bigint) => happened("vetoed", { releasedUMor: 50n, attestedUMor });
    const opening = (...events: StatusEvent[]) => events.reduce(foldPool, UNOPENED_POOL).books.attestedAtOpeningUMor;
    expect(opening(credit(50n), day, credit(100n), veto(50n)), "of today").to.equal(50n);
    expect(opening(credit(50n), day, veto(0n)), "of before").to.equal(0n);
    expect(opening(credit(50n), day, credit(100n), credit(150n), veto(100n)), "less than of today").to.equal(50n);
  });

  it("keeps everything as long as nothing says how far back the chain may step", () => {
    const mark = (blockNumber: number) => ({
      blockNumber,
      blockHash: sdk.ZERO_HASH,
      timestamp: sdk.unixSeconds(blockNumber),
    });
    const start = { end: mark(0), attestations: new AttestationFold(), books: new BooksFold(), entries: [] };
    const ledger = new LedgerHistory(start, { marks: [] });
    const history = new StatusHistory({ ledger, activationDelaySeconds: 600n, bootstrapWindow: undefined });
    const registered = happened("registered", { id: sdk.providerId(4), metadata: { uri: "https://four.example" } });
    history.apply([registered], mark(1), { marks: [] });
    expect([history.uriOf(sdk.providerId(4)), history.uriOf(sdk.providerId(5))]).to.deep.equal([
      "https://four.example",
      "",
    ]);
    history.stepBack(mark(0), { marks: [] });
    expect(history.uriOf(sdk.providerId(4))).to.equal("");
  });
});
