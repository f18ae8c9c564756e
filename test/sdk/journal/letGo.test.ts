import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { createMemoryStorage, openRouter, type JournalStorage } from "@yellowstone-compute/sdk/journal";
import { unixSeconds } from "@yellowstone-compute/sdk/units";
import { failureOf } from "../actions/fixture.js";
import { NOON_MS, bid, owner } from "../router/world.js";
import { crashBasis } from "./basis.js";

const open = (storage: JournalStorage) => openRouter({ ...crashBasis, snapshotEvery: 1_000, group: 0, storage });
const ahead = { validFromAt: unixSeconds(NOON_MS / 1_000n + 60n) };

describe("journal, let go of", () => {
  it("after a snapshot nothing is replayed, bids of later included; closing twice is closing once", async () => {
    const storage = createMemoryStorage();
    const router = await open(storage);
    await router.postBid(await bid(0, 5n), owner.address, NOON_MS);
    await router.postBid(await bid(1, 4n, ahead), owner.address, NOON_MS);
    router.snapshot();
    const again = await open(storage.reopen());
    expect(again.journal()).to.include({ inputs: 2, replayed: 0 });
    expect(again.digest()).to.equal(router.digest());
    again.close();
    again.close();
    expect(await failureOf(again.postBid(await bid(2, 3n), owner.address, NOON_MS))).to.be.instanceOf(
      errors.JournalClosed,
    );
  });

  it("as a crash does it, what waits is refused and is not there afterwards", async () => {
    const storage = createMemoryStorage();
    const router = await openRouter({ ...crashBasis, group: 1_000, storage });
    const before = router.digest();
    const waiting = router.postBid(await bid(0, 5n), owner.address, NOON_MS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    router.abandon();
    expect(await failureOf(waiting)).to.be.instanceOf(errors.JournalClosed);
    const again = await open(storage.reopen());
    expect(again.journal().inputs).to.equal(0);
    expect(again.digest()).to.equal(before);
  });
});
