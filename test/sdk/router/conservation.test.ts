import { expect } from "chai";
import fc from "fast-check";
import { YellowstoneError } from "@yellowstone-compute/sdk/errors";
import { LedgerTree, mergeBlocks } from "@yellowstone-compute/sdk/ledger";
import type { Matched } from "@yellowstone-compute/sdk/router";
import { routerSetDigest } from "@yellowstone-compute/sdk/router";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { WEI_PER_UMOR, blockAt, hash32, unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";
import { EMISSION_START, MOR, NOON_MS, bid, owner, report, rfc, routerWith, set } from "./world.js";

const step = fc.record({
  verb: fc.constantFrom(
    "admit",
    "admit",
    "admit",
    "report",
    "report",
    "unanswered",
    "pump",
    "expire",
    "later",
    "close",
  ),
  figure: fc.nat(99),
});

describe("router, any order of verbs", () => {
  it("ends every RFC once and credits what was served, to the uMOR", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const router = await routerWith({ reportSeconds: 40n });
        for (const provider of [0, 1, 2]) {
          await router.postBid(await bid(provider, 333_333_333_333n + BigInt(provider)), owner.address, NOON_MS);
        }
        const open = new Map<string, { name: string; matched: Matched }>();
        const names = new Map<string, string>();
        const earnedWei = new Map<bigint, bigint>();
        const closed = [];
        let [atMs, requests] = [NOON_MS, 0];
        const note = (placed: { status: string }): void => {
          if (placed.status !== "matched") return;
          const matched = placed as Matched;
          open.set(matched.matchHash, { name: names.get(matched.rfcHash) ?? matched.rfcHash, matched });
        };
        for (const { verb, figure } of steps) {
          const [first] = open.values();
          if (verb === "admit") {
            const name = `user ${figure % 5}`;
            const times = { issuedAtMs: unixMillis(atMs), deadlineAt: unixSeconds(atMs / 1_000n + 20n) };
            const signed = await rfc(name, { ...times, tokenMax: 100n });
            const placed = await router.admit(signed, { balanceWei: MOR, atMs });
            requests++;
            if (placed.rfcHash !== undefined) names.set(placed.rfcHash, name);
            note(placed);
          }
          if (verb === "later") atMs += BigInt(figure) * 200n;
          if (verb === "pump") (await router.pump(atMs)).forEach(note);
          if (verb === "expire") router.expire(atMs);
          if (verb === "close") closed.push(...(await router.closeBlocks(atMs)));
          if (first === undefined || (verb !== "report" && verb !== "unanswered")) continue;
          open.delete(first.matched.matchHash);
          try {
            if (verb === "unanswered") note(await router.unanswered(first.matched.matchHash, atMs));
            else {
              const received = { receivedAtMs: first.matched.match.value.matchedAtMs, tokens: BigInt(figure) };
              const judged = await router.report(await report(first.name, first.matched, received), atMs);
              const before = earnedWei.get(judged.providerId) ?? 0n;
              earnedWei.set(judged.providerId, before + judged.creditWei);
            }
          } catch (error) {
            expect(error).to.be.instanceOf(YellowstoneError);
          }
        }
        const { outcomes, waiting, matched } = router.figures();
        expect(Object.values(outcomes).reduce((sum, count) => sum + count) + waiting + matched).to.equal(requests);
        closed.push(...(await router.closeBlocks(atMs + 12_000n)));
        const openBlock = blockAt(atMs / 1_000n + 12n, EMISSION_START);
        const headRoot = hash32(bytesToHex(LedgerTree.empty().root()));
        const head = { lastSeq: 0n, headRoot, nextBlock: 0n, openBlock, routerSet: routerSetDigest(set) };
        const draft = router.propose(head, 10n ** 12n, atMs + 12_000n);
        for (const [provider, creditWei] of earnedWei) {
          expect(draft?.after.lane(Number(provider)) ?? 0n).to.equal(creditWei / WEI_PER_UMOR);
        }
        const line = mergeBlocks(closed);
        if (draft !== undefined) {
          expect(draft.paid).to.deep.equal(line);
          router.accepted(draft);
        }
        expect(router.backlogUMor()).to.equal(0n);
      }),
      { numRuns: 40 },
    );
  });
});
