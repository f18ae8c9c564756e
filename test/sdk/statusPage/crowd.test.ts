import { expect } from "chai";
import * as sdk from "../../../sdk/src/index.js";
import { AttestationFold } from "../../../sdk/src/provider/attestations.js";
import { BooksFold } from "../../../sdk/src/provider/books.js";
import { LedgerHistory } from "../../../sdk/src/provider/history.js";
import { providerRows, totalsOf } from "../../../sdk/src/statusPage/providerRows.js";
import type { StatusEvent } from "../../../sdk/src/statusPage/statusEvents.js";
import { StatusHistory } from "../../../sdk/src/statusPage/statusHistory.js";

const PROVIDERS = 10_000;
const ATTESTATIONS = 6;
const HOUR = 3_600;
const hashOf = (n: number) => sdk.hash32(`0x${n.toString(16).padStart(64, "0")}`);
const markOf = (n: number) => ({
  blockNumber: n,
  blockHash: hashOf(n),
  timestamp: sdk.unixSeconds(1_000_000 + n * HOUR),
});

function placed<Name extends StatusEvent["name"]>(name: Name, value: unknown, block: number): StatusEvent {
  return { name, value, blockNumber: block, blockHash: hashOf(block), transactionHash: hashOf(block) } as StatusEvent;
}

describe("status history of ten thousand providers", () => {
  it("keeps one line each, whatever the time, and is right through a step back", () => {
    const start = { end: markOf(0), attestations: new AttestationFold(), books: new BooksFold(), entries: [] };
    const window = sdk.bootstrapWindow({
      startAt: 1_000_000n,
      endAt: 10_000_000n,
      seasonSeconds: BigInt(HOUR),
      entrySeconds: BigInt(HOUR),
    });
    const history = new StatusHistory({
      ledger: new LedgerHistory(start, { marks: [markOf(0)] }),
      activationDelaySeconds: 600n,
      bootstrapWindow: window,
    });
    const startedAt = performance.now();
    const registered = Array.from({ length: PROVIDERS }, (_, id) =>
      placed("registered", { id: sdk.providerId(id), metadata: { uri: `provider ${id}`.repeat(500) } }, 1),
    );
    history.apply(registered, markOf(1), { marks: [markOf(0), markOf(1)] });
    let tree = sdk.LedgerTree.empty();
    for (let block = 2; block < 2 + ATTESTATIONS; block++) {
      const deltas = new Map(Array.from({ length: PROVIDERS }, (_, id) => [id, BigInt(1_000 + id)] as const));
      const update = sdk.buildUpdate(tree, deltas);
      tree = update.after;
      const value = {
        seq: BigInt(block - 1),
        newRoot: sdk.hash32(sdk.bytesToHex(update.newRoot)),
        creditedUMor: update.creditedUMor,
        attestedUMor: update.creditedUMor * BigInt(block - 1),
        firstBlock: 1n,
        lastBlock: 0n,
        activeAt: sdk.unixSeconds(1_000_000 + block * HOUR + 600),
        deltas: sdk.unpackDeltas(update.deltas),
      };
      history.apply([placed("attested", value, block)], markOf(block), {
        marks: [markOf(Math.max(0, block - 4)), markOf(block)],
      });
    }
    const foldedMs = performance.now() - startedAt;
    const rows = providerRows(history, BigInt(PROVIDERS));
    const rowsMs = performance.now() - startedAt - foldedMs;
    console.log(
      `      ${ATTESTATIONS} attestations of ${PROVIDERS} providers: ${foldedMs.toFixed(0)} ms with making them, rows ${rowsMs.toFixed(0)} ms`,
    );
    expect(rows).to.have.length(PROVIDERS);
    expect(rows[0]).to.include({ id: BigInt(PROVIDERS - 1), creditedUMor: BigInt(ATTESTATIONS * (999 + PROVIDERS)) });
    expect(rows[0]!.uri.length, "what a provider says of itself is kept short").to.equal(120);
    expect(rows.every(({ creditedUMor }, i) => i === 0 || creditedUMor <= rows[i - 1]!.creditedUMor)).to.equal(true);
    expect(totalsOf(rows).creditedUMor).to.equal(tree.lanes(0, tree.wordCount).reduce((sum, lane) => sum + lane, 0n));
    // One attestation an hour, one hour a season; those long over are forgotten.
    const weightOf = (season: bigint) => history.seasons.of(season).weights.get(0);
    expect([weightOf(7n), weightOf(6n), weightOf(4n)]).to.deep.equal([1_000n, 1_000n, undefined]);
    history.stepBack(markOf(6), { marks: [markOf(3), markOf(6)] });
    expect([weightOf(7n), weightOf(6n)]).to.deep.equal([undefined, 1_000n]);
    expect(history.attestations.rows(2_000_000n, 99)).to.have.length(ATTESTATIONS - 1);
    expect(history.ledger.account(0).creditedUMor).to.equal(1_000n * BigInt(ATTESTATIONS - 1));
    expect(history.pool.books.attestedUMor).to.equal(totalsOf(providerRows(history, BigInt(PROVIDERS))).creditedUMor);
  });
});
