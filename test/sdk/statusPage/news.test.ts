import { expect } from "chai";
import * as sdk from "../../../sdk/src/index.js";
import { newsOf } from "../../../sdk/src/statusPage/news.js";
import type { StatusEvent } from "../../../sdk/src/statusPage/statusEvents.js";

const MOR = 1_000_000n;
const paid = (...ids: number[]) => ({
  paidUMor: sdk.uMor(BigInt(ids.length) * MOR),
  payments: ids.map((id) => ({ id: sdk.providerId(id), amountUMor: sdk.uMor(MOR) })),
});
const of = (name: StatusEvent["name"], value: object) => ({ name, value, blockNumber: 7 }) as unknown as StatusEvent;

describe("status page: what happened, in a sentence", () => {
  const cases: readonly (readonly [StatusEvent["name"], object, string])[] = [
    ["attested", { seq: 4n, creditedUMor: 3n * MOR }, "Attestation 4 was accepted: 3.0000 MOR credited."],
    [
      "vetoed",
      { seq: 4n, lastDroppedSeq: 4n, releasedUMor: MOR },
      "Attestation 4 was vetoed: 1.0000 MOR are free again.",
    ],
    [
      "vetoed",
      { seq: 4n, lastDroppedSeq: 6n, releasedUMor: MOR },
      "Attestations 4 to 6 were vetoed: 1.0000 MOR are free again.",
    ],
    ["claimed", paid(1), "1 provider was paid 1.0000 MOR."],
    ["claimed", paid(1, 2), "2 providers were paid 2.0000 MOR."],
    ["awardsPaid", { season: 3n, ...paid(1) }, "Season 3: 1 award paid, 1.0000 MOR."],
    ["awardsPaid", { season: 3n, ...paid(1, 2) }, "Season 3: 2 awards paid, 2.0000 MOR."],
    ["paymentFailed", { id: 5n, amountUMor: MOR }, "Provider 5 could not be paid 1.0000 MOR: they stay owed."],
    ["debited", { id: 5n, amountUMor: MOR }, "Provider 5 was debited 1.0000 MOR."],
    ["bondWithdrawn", { id: 5n }, "Provider 5 left and withdrew its bond."],
    ["registered", { id: 5n, metadata: { uri: "<b>text of somebody</b>" } }, "Provider 5 was registered."],
    ["seasonClosed", { season: 3n, sharesUMor: MOR }, "Season 3 was closed: 1.0000 MOR to share."],
    ["arrivalBooked", { amountWei: 10n ** 18n }, "1.0000 MOR arrived and were booked."],
    ["paused", { pausedUntil: 1_767_225_600n }, "Attestations are paused until 2026-01-01 00:00:00 UTC."],
    ["paused", { pausedUntil: 0n }, "The pause ended."],
  ];
  for (const [name, value, text] of cases) {
    it(text, () => expect(newsOf(of(name, value))).to.deep.equal({ blockNumber: 7, text }));
  }

  it("says nothing of what is a part of another event", () => {
    for (const name of ["dayOpened", "debtAbsorbed", "providersEntered", "ranksAwarded"] as const) {
      expect(newsOf(of(name, {})), name).to.equal(undefined);
    }
  });
});
