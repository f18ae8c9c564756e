import { expect } from "chai";
import {
  BidExpired,
  BidMissing,
  BidPriceNotPositive,
  BidUnitUnpriced,
  InvalidPolicy,
  LaneOutsideTree,
  MatchUnknown,
  MessageExpired,
  QueueFull,
  QuotaExceeded,
  ReportProviderMismatch,
  ReportStampsInvalid,
  RfcReplayed,
  RfcWindowInvalid,
  RouterUnknown,
  SignerMismatch,
  SigningFailed,
  StaleBid,
  TokenMaxExceeded,
  WrongRouter,
  type YellowstoneError,
} from "@yellowstone-compute/sdk/errors";
import { verifyMessage, type Rfc } from "@yellowstone-compute/sdk/messages";
import { createPolicy, createRouter, type Matched, type Router } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, modelId, unixMillis, unixSeconds, type Address } from "@yellowstone-compute/sdk/units";
import {
  EMISSION_START,
  MODEL,
  MOR,
  NOON_MS,
  bid,
  domain,
  keyOf,
  owner,
  policyOf,
  report,
  rfc,
  routerKey,
  routerWith,
  set,
} from "./world.js";

const AT = NOON_MS / 1_000n;
const PRICE = MOR / 100_000n;
const rich = { balanceWei: 1_000n * MOR, atMs: NOON_MS };

type Class = new (...args: never[]) => YellowstoneError;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

async function rejection(promise: Promise<unknown>, expected: Class): Promise<void> {
  expect(await failureOf(promise)).to.be.instanceOf(expected);
}

async function admitted(router: Router, name: string, balanceWei = rich.balanceWei, change: Partial<Rfc> = {}) {
  const placed = await router.admit(await rfc(name, change), { ...rich, balanceWei });
  expect(placed.status).to.equal("matched");
  return placed as Matched;
}

async function refused(router: Router, name: string, expected: Class, change: Partial<Rfc> = {}, balanceWei = MOR) {
  const placed = await router.admit(await rfc(name, change), { balanceWei, atMs: NOON_MS });
  expect(placed.status).to.equal("rejected");
  expect(placed.status === "rejected" && placed.reason).to.be.instanceOf(expected);
}

describe("router", () => {
  let router: Router;
  beforeEach(async () => {
    router = await routerWith();
    await router.postBid(await bid(1, 2n * PRICE), owner.address, NOON_MS);
    await router.postBid(await bid(0, PRICE), owner.address, NOON_MS);
  });

  it("matches the lowest free bid, by a match that names no user, and judges its report", async () => {
    const first = await admitted(router, "ann");
    const second = await admitted(router, "ben");
    expect([first, second].map(({ match }) => match.value.providerId)).to.deep.equal([0n, 1n]);
    expect(await verifyMessage(first.match, domain, unixSeconds(AT))).to.equal(routerKey.address);
    expect(Object.values(first.match.value)).to.not.include(keyOf("ann").address);
    expect(first.bid.value.endpoint).to.equal("https://provider-0.example");
    expect([router.address, router.queryKeyOf(first.matchHash)]).to.deep.equal([
      routerKey.address,
      keyOf("query:ann").address,
    ]);
    const judged = await router.report(await report("ann", first), NOON_MS + 1_500n);
    expect(judged).to.include({ status: "served", creditWei: 80n * PRICE, providerId: 0n });
    expect(router.figures()).to.deep.include({ waiting: 0, matched: 1 });
    expect(router.figures().outcomes).to.include({ served: 1 });
    expect(router.backlogUMor()).to.equal((80n * PRICE) / 10n ** 12n);
    expect((await admitted(router, "cat")).match.value.providerId, "free again").to.equal(0n);
  });

  it("says what is left of a user's quota, while a match holds a part of it", async () => {
    await admitted(router, "ann", MOR, { tokenMax: 60n });
    const leftOf = (user: Address | undefined) => router.quotaOf(user, MODEL, { balanceWei: MOR, atMs: NOON_MS }).leftT;
    expect([leftOf(keyOf("ann").address), leftOf(keyOf("ben").address), leftOf(undefined)]).to.deep.equal([
      40n,
      100n,
      100n,
    ]);
    const other = modelId(ZERO_HASH);
    expect(() => router.quotaOf(undefined, other, { balanceWei: MOR, atMs: NOON_MS })).to.throw(BidMissing);
  });

  it("lets RFCs wait by balance, gives them freed places, and ends those that nobody serves", async () => {
    const first = await admitted(router, "ann");
    await admitted(router, "ben");
    for (const [name, balance] of [
      ["poor", 100n],
      ["rich", 900n],
      ["late", 200n],
    ] as const) {
      const placed = await router.admit(await rfc(name), { balanceWei: balance * MOR, atMs: NOON_MS });
      expect(placed.status).to.equal("queued");
    }
    expect(await router.pump(NOON_MS)).to.deep.equal([]);
    await router.report(await report("ann", first), NOON_MS + 1_000n);
    const queuedBehind = await router.admit(await rfc("new"), { balanceWei: MOR, atMs: NOON_MS + 1_000n });
    expect(queuedBehind.status, "nobody overtakes the queue").to.equal("queued");
    const [matched, ...others] = await router.pump(NOON_MS + 1_000n);
    expect(others).to.deep.equal([]);
    const judged = await router.report(await report("rich", matched as Matched), NOON_MS + 2_000n);
    expect(judged.status).to.equal("served");
    const ended = router.expire(NOON_MS + 31_000n);
    expect(ended.map(({ status }) => status)).to.deep.equal(["unserved", "unserved", "unserved"]);
    expect(router.figures().outcomes.unserved).to.equal(3);
  });

  it("keeps the reservation and frees the provider when no report comes", async () => {
    const { matchHash } = await admitted(router, "ann", MOR, { tokenMax: 100n });
    const late = NOON_MS + 601_000n;
    expect(router.expire(late - 1_000n)).to.deep.equal([]);
    expect((await router.pump(late)).map(({ status }) => status)).to.deep.equal(["unreported"]);
    await rejection(router.unanswered(matchHash, late), MatchUnknown);
    const again = await rfc("ann", { issuedAtMs: unixMillis(late), deadlineAt: unixSeconds(AT + 700n), tokenMax: 1n });
    const placed = await router.admit(again, { balanceWei: MOR, atMs: late });
    expect(placed.status === "rejected" && placed.reason, "1 MOR is 100 T a day here").to.be.instanceOf(QuotaExceeded);
  });

  it("gives an RFC that was not answered to the next bid, then lets it wait, and notes the failure", async () => {
    const first = await admitted(router, "ann");
    const second = await router.unanswered(first.matchHash, NOON_MS + 500n);
    expect((second as Matched).match.value.providerId).to.equal(1n);
    await rejection(router.report(await report("ann", first), NOON_MS + 1_000n), MatchUnknown);
    const third = await router.unanswered((second as Matched).matchHash, NOON_MS + 1_000n);
    expect(third.status).to.equal("queued");
    await router.postBid(await bid(2, 9n * PRICE), owner.address, NOON_MS + 1_000n);
    const [fourth] = await router.pump(NOON_MS + 1_000n);
    expect((fourth as Matched).match.value.providerId).to.equal(2n);
    const last = await router.unanswered((fourth as Matched).matchHash, NOON_MS + 40_000n);
    expect(last.status, "its deadline has passed").to.equal("unserved");
  });

  it("passes a provider over that fails too often, and takes it back after its cool-down", async () => {
    for (let i = 0; i < 6; i++) {
      const matched = await admitted(router, `user ${i}`);
      expect(matched.match.value.providerId).to.equal(0n);
      const judged = await router.report(await report(`user ${i}`, matched, { passed: false }), NOON_MS + 1_000n);
      expect(judged).to.include({ status: "failed", creditWei: 0n });
    }
    expect((await admitted(router, "next")).match.value.providerId).to.equal(1n);
    const later = NOON_MS + 121_000n;
    const fresh = await rfc("back", { issuedAtMs: unixMillis(later), deadlineAt: unixSeconds(AT + 200n) });
    const back = await router.admit(fresh, { ...rich, atMs: later });
    expect((back as Matched).match.value.providerId).to.equal(0n);
  });

  it("judges empty and too slow reports, and charges what was delivered whatever the verdict", async () => {
    const user = "ann";
    const empty = await admitted(router, user, MOR);
    expect((await router.report(await report(user, empty, { tokens: 0n }), NOON_MS + 1_000n)).status).to.equal("empty");
    for (let i = 0; i < 10; i++) {
      const matched = await admitted(router, `fast ${i}`);
      await router.report(await report(`fast ${i}`, matched), NOON_MS + 1_000n);
    }
    const slow = await admitted(router, user, MOR);
    const sentAtMs = slow.match.value.matchedAtMs;
    const slowly = await report(user, slow, { tokens: 60n, receivedAtMs: unixMillis(sentAtMs + 9_000n) });
    expect(await router.report(slowly, NOON_MS + 10_000n)).to.include({ status: "tooSlow", creditWei: 0n });
    await refused(router, user, QuotaExceeded, { tokenMax: 41n });
    await admitted(router, user, MOR, { tokenMax: 40n });
  });

  it("sums its outcomes to the RFCs it was sent", async () => {
    const names = Array.from({ length: 8 }, (_, i) => `user ${i}`);
    for (const name of names) await router.admit(await rfc(name), rich);
    await refused(router, "thief", SignerMismatch, { user: keyOf("victim").address });
    router.expire(NOON_MS + 700_000n);
    const { outcomes } = router.figures();
    expect(outcomes).to.include({ unserved: 6, unreported: 2, rejected: 1 });
    expect(Object.values(outcomes).reduce((sum, count) => sum + count)).to.equal(9);
  });

  it("keeps an RFC and frees the provider when its own signer fails", async () => {
    let locked = true;
    const failing = {
      getAddress: () => routerKey.getAddress(),
      signTypedData: (...args: Parameters<typeof routerKey.signTypedData>) =>
        locked ? Promise.reject(new TypeError("locked")) : routerKey.signTypedData(...args),
    };
    const fragile = await routerWith({}, failing);
    await fragile.postBid(await bid(0, PRICE), owner.address, NOON_MS);
    const placed = await fragile.admit(await rfc("ann"), rich);
    expect(placed.status === "queued" && placed.delay).to.be.instanceOf(SigningFailed);
    await rejection(fragile.closeBlocks(NOON_MS), SigningFailed);
    locked = false;
    expect((await fragile.pump(NOON_MS)).map(({ status }) => status)).to.deep.equal(["matched"]);
    expect(await fragile.closeBlocks(NOON_MS)).to.have.length(1);
  });

  describe("refuses, and stays as it was", () => {
    it("bids of another signer, unit, price, place in time or in the ledger", async () => {
      const post = async (...args: Parameters<typeof bid>) =>
        router.postBid(await bid(...args), owner.address, NOON_MS);
      await rejection(router.postBid(await bid(1, 1n), keyOf("thief").address, NOON_MS), SignerMismatch);
      await rejection(post(1, 1n, { unit: 1 }), BidUnitUnpriced);
      await rejection(post(1, 0n), BidPriceNotPositive);
      await rejection(post(1, 1n, { sequence: 0n }), StaleBid);
      await rejection(post(1, 1n, { expiresAt: unixSeconds(AT - 1n) }), MessageExpired);
      await rejection(post(2 ** 22, 1n), LaneOutsideTree);
      const ahead = { validFromAt: unixSeconds(AT + 5n) };
      await rejection(post(1, 0n, ahead), BidPriceNotPositive);
      await rejection(post(1, 1n, { ...ahead, expiresAt: unixSeconds(AT + 4n) }), BidExpired);
      await rejection(post(1, 1n, { ...ahead, sequence: 0n }), StaleBid);
      expect((await admitted(router, "ann")).match.value.priceWei).to.equal(PRICE);
    });

    it("RFCs that are forged, replayed, out of time, too dear or at the wrong router", async () => {
      const once = await rfc("ann");
      await router.admit(once, rich);
      const twice = await router.admit(once, rich);
      expect(twice.status === "rejected" && twice.reason).to.be.instanceOf(RfcReplayed);
      await refused(router, "ann", RfcReplayed, { nonce: once.value.nonce, tokenMax: 1n });
      await refused(router, "ann", MessageExpired, { deadlineAt: unixSeconds(AT - 1n) });
      await refused(router, "ann", RfcWindowInvalid, { issuedAtMs: unixMillis(NOON_MS + 2_001n) });
      await refused(router, "ann", RfcWindowInvalid, { deadlineAt: unixSeconds(AT + 3_601n) });
      await refused(router, "ben", QuotaExceeded, { tokenMax: 101n });
      const other = keyOf("other router").address;
      const routers = [routerKey.address, other].sort((x, y) => (x.toLowerCase() < y.toLowerCase() ? -1 : 1));
      const two = await createRouter({
        signer: routerKey,
        domain,
        set: { threshold: 2, routers: routers.map((account) => ({ account, isContract: false })) },
        policy: policyOf(),
        emissionStart: EMISSION_START,
      });
      const seen = new Set<string>();
      for (let i = 0; i < 20; i++) {
        const placed = await two.admit(await rfc(`user ${i}`), rich);
        seen.add(placed.status === "rejected" ? placed.reason.code : placed.status);
      }
      expect([...seen].sort()).to.deep.equal([WrongRouter.name, "queued"]);
    });

    it("RFCs beyond what it lets wait", async () => {
      const small = await routerWith({ maxWaiting: 1 });
      expect((await small.admit(await rfc("ann"), rich)).status).to.equal("queued");
      await refused(small, "ben", QueueFull);
    });

    it("reports of another key, match, provider or time, of too many tokens, and twice", async () => {
      const matched = await admitted(router, "ann");
      const send = async (...[name, change]: [string, Parameters<typeof report>[2]?]) =>
        router.report(await report(name, matched, change), NOON_MS + 1_000n);
      await rejection(send("thief"), SignerMismatch);
      await rejection(send("ann", { matchHash: matched.rfcHash }), MatchUnknown);
      await rejection(send("ann", { providerId: 1n as never }), ReportProviderMismatch);
      await rejection(send("ann", { tokens: 101n }), TokenMaxExceeded);
      for (const change of [
        { sentAtMs: unixMillis(NOON_MS - 2_001n) },
        { sentAtMs: unixMillis(NOON_MS + 1_001n) },
        { receivedAtMs: unixMillis(NOON_MS + 3_001n) },
      ]) {
        await rejection(send("ann", change), ReportStampsInvalid);
      }
      await rejection(router.report(await report("ann", matched), NOON_MS - 1n + 602_000n), MessageExpired);
    });

    it("the second of two reports that arrive at once", async () => {
      const matched = await admitted(router, "ann");
      const signed = await report("ann", matched);
      const both = await Promise.allSettled([1, 2].map(() => router.report(signed, NOON_MS + 1_000n)));
      expect(both.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
      expect(router.figures().outcomes.served).to.equal(1);
    });

    it("a signer outside the set, and settings that cannot be", async () => {
      await rejection(routerWith({}, keyOf("stranger")), RouterUnknown);
      const accessOf = () => ({ budgetWei: 1n, supplyWei: 1n });
      for (const change of [{ reportSeconds: 0n }, { clockSkewMs: -1n }, { maxWaiting: -1 }, { maxWaiting: 0.5 }]) {
        expect(() => createPolicy({ accessOf, ...change })).to.throw(InvalidPolicy);
      }
      expect(set.routers).to.have.length(1);
    });
  });

  it("puts a bid in place of the one before when its time comes, unless a newer one came first", async () => {
    const priceAt = async (second: bigint) => {
      const atMs = NOON_MS + second * 1_000n;
      const times = { issuedAtMs: unixMillis(atMs), deadlineAt: unixSeconds(AT + second + 30n) };
      const placed = await router.admit(await rfc(`at ${second}`, times), { ...rich, atMs });
      return (placed as Matched).match.value.priceWei;
    };
    const ahead = (second: bigint) => ({ validFromAt: unixSeconds(AT + second), capacity: 9 });
    await router.postBid(await bid(0, PRICE / 2n, ahead(5n)), owner.address, NOON_MS);
    expect([await priceAt(4n), await priceAt(5n)]).to.deep.equal([PRICE, PRICE / 2n]);
    await router.postBid(await bid(0, PRICE / 4n, ahead(20n)), owner.address, NOON_MS);
    await router.postBid(await bid(0, PRICE / 3n, { capacity: 9 }), owner.address, NOON_MS);
    expect(await priceAt(21n), "the one that was posted later").to.equal(PRICE / 3n);
  });

  it("does not take a defect of its own parts for a refusal", async () => {
    const options = { signer: routerKey, domain, set, policy: policyOf(), emissionStart: EMISSION_START };
    const defect = () => {
      throw new TypeError("defect");
    };
    const deaf = await createRouter({ ...options, recover: defect });
    expect(await failureOf(deaf.admit(await rfc("ann"), rich))).to.be.instanceOf(TypeError);
    expect(deaf.figures().outcomes.rejected).to.equal(0);
    const watched = await createRouter({ ...options, observer: ({ kind }) => kind === "signed" && defect() });
    await watched.postBid(await bid(0, PRICE), owner.address, NOON_MS);
    expect(await failureOf(watched.admit(await rfc("ann"), rich))).to.be.instanceOf(TypeError);
    expect(watched.figures(), "the match is signed: it does not lapse").to.include({ matched: 1, waiting: 0 });
  });

  it("holds a bid back until it is valid, and lets it go after its last second", async () => {
    const short = { validFromAt: unixSeconds(AT + 5n), expiresAt: unixSeconds(AT + 9n) };
    await router.postBid(await bid(2, 1n, short), owner.address, NOON_MS);
    const providerAt = async (name: string, second: bigint) => {
      const matched = (await router.admit(await rfc(name), { ...rich, atMs: NOON_MS + second * 1_000n })) as Matched;
      await router.report(await report(name, matched), NOON_MS + second * 1_000n);
      return matched.match.value.providerId;
    };
    expect(await providerAt("a", 4n)).to.equal(0n);
    expect(await providerAt("b", 5n)).to.equal(2n);
    expect(await providerAt("c", 9n)).to.equal(2n);
    expect(await providerAt("d", 10n)).to.equal(0n);
    expect(MODEL).to.have.length(66);
  });
});
