import { expect } from "chai";
import { homeRouterOf } from "@yellowstone-compute/sdk/access";
import { QuotaExceeded, RfcDayOver, WrongRouter } from "@yellowstone-compute/sdk/errors";
import { createRouter, type Matched, type Router } from "@yellowstone-compute/sdk/router";
import { dayAt, startOfDay, unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";
import {
  EMISSION_START,
  MOR,
  bid,
  domain,
  keyOf,
  owner,
  policyOf,
  report,
  rfc,
  routerKey,
  routerWith,
} from "./world.js";

const PRICE = 10n ** 11n;
const DAY = 4n;
const midnight = (startOfDay(DAY, EMISSION_START) as bigint) * 1_000n;
/** The paper: 3,000 MOR a day, 10,000,000 MOR in all, 5 MOR held. */
const paper = { accessOf: () => ({ budgetWei: 3_000n * MOR, supplyWei: 10_000_000n * MOR }) };
const balanceWei = 5n * MOR;

const ask = async (router: Router, name: string, tokenMax: bigint, atMs: bigint, held = balanceWei) => {
  const times = { issuedAtMs: unixMillis(atMs), deadlineAt: unixSeconds(atMs / 1_000n + 60n) };
  return router.admit(await rfc(name, { ...times, tokenMax }), { balanceWei: held, atMs });
};
const offer = async (router: Router, capacity = 9) =>
  router.postBid(
    await bid(0, PRICE, { capacity, validFromAt: unixSeconds(0), expiresAt: unixSeconds(midnight / 1_000n + 9_000n) }),
    owner.address,
    midnight - 60_000n,
  );

describe("router, over the turn of a day", () => {
  it("the paper's example: 15,001 refused, 15,000 served, 15,000 again the next day and not 30,000", async () => {
    const router = await routerWith(paper);
    await offer(router);
    const late = midnight - 30_000n;
    const refused = await ask(router, "ann", 15_001n, late);
    expect(refused.status === "rejected" && refused.reason).to.be.instanceOf(QuotaExceeded);
    const served = await ask(router, "ann", 15_000n, late);
    const signed = await report("ann", served as Matched, { tokens: 15_000n });
    expect((await router.report(signed, late + 2_000n)).status).to.equal("served");
    const more = await ask(router, "ann", 1n, late + 2_000n);
    expect(more.status === "rejected" && more.reason).to.be.instanceOf(QuotaExceeded);
    for (const tokenMax of [30_000n, 15_001n]) {
      const carried = await ask(router, "ann", tokenMax, midnight);
      expect(carried.status === "rejected" && carried.reason, "nothing is carried over").to.be.instanceOf(
        QuotaExceeded,
      );
    }
    expect((await ask(router, "ann", 15_000n, midnight)).status).to.equal("matched");
  });

  it("splitting a balance gains nothing, and an untouched day neither", async () => {
    const router = await routerWith(paper);
    await offer(router, 99);
    const parts = [MOR, MOR, 3n * MOR];
    for (const [i, part] of parts.entries()) {
      const share = (15_000n * part) / balanceWei;
      const name = `part ${i}`;
      expect((await ask(router, name, share, midnight, part)).status).to.equal("matched");
      const beyond = await ask(router, name, 1n, midnight, part);
      expect(beyond.status === "rejected" && beyond.reason).to.be.instanceOf(QuotaExceeded);
    }
  });

  it("an RFC that still waits when its day is over is refused: its balance was of that day", async () => {
    const router = await routerWith(paper);
    await offer(router, 1);
    const first = (await ask(router, "ann", 10n, midnight - 2_000n)) as Matched;
    expect((await ask(router, "ben", 10n, midnight - 1_000n)).status).to.equal("queued");
    await router.report(await report("ann", first, { tokens: 10n }), midnight);
    const [ended] = await router.pump(midnight);
    expect(ended?.status === "rejected" && ended.reason).to.be.instanceOf(RfcDayOver);
    expect((await ask(router, "ben", 10n, midnight)).status, "he may ask again").to.equal("matched");
  });

  it("a user's home router changes with the day", async () => {
    const other = keyOf("other router").address;
    const accounts = [routerKey.address, other].sort((x, y) => (x.toLowerCase() < y.toLowerCase() ? -1 : 1));
    const router = await createRouter({
      signer: routerKey,
      domain,
      set: { threshold: 2, routers: accounts.map((account) => ({ account, isContract: false })) },
      policy: policyOf(paper),
      emissionStart: EMISSION_START,
    });
    await offer(router, 99);
    const seen = new Set<string>();
    for (const atMs of [midnight - 1_000n, midnight]) {
      for (let i = 0; i < 12; i++) {
        const home = homeRouterOf(keyOf(`user ${i}`).address, dayAt(atMs / 1_000n, EMISSION_START), accounts);
        const placed = await ask(router, `user ${i}`, 1n, atMs);
        const isHome = home === routerKey.address.toLowerCase();
        seen.add(`${i} ${isHome}`);
        const end = placed.status === "rejected" ? placed.reason.code : placed.status;
        expect(end).to.equal(isHome ? "matched" : WrongRouter.name);
      }
    }
    expect(seen.size, "some are at home elsewhere the next day").to.be.above(12);
  });
});
