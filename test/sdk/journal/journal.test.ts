import { expect } from "chai";
import fc from "fast-check";
import { createMemoryStorage, openRouter, stateDigest, type JournalStorage } from "@yellowstone-compute/sdk/journal";
import { createRouter, createRouterState } from "@yellowstone-compute/sdk/router";
import { EMISSION_START, domain, policyOf, routerKey, set } from "../router/world.js";
import { Stream } from "./stream.js";

const basis = {
  signer: routerKey,
  domain,
  set,
  policy: policyOf({ reportSeconds: 40n }),
  emissionStart: EMISSION_START,
};

/** Open a journaled router of the tests. */
const open = (storage: JournalStorage, change: object = {}) => openRouter({ ...basis, storage, ...change });

describe("journal", () => {
  it("replays to the state it left, whatever came, and decides as a router without one", async () => {
    const settings = fc.record({
      seed: fc.nat(),
      steps: fc.nat(80),
      restarts: fc.nat(3),
      snapshotEvery: fc.constantFrom(1, 7, 1_000),
      group: fc.constantFrom("each" as const, 0, 2),
      retainSeconds: fc.constantFrom(0n, 604_800n),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, steps, restarts, ...journal }) => {
        const state = createRouterState(basis.policy, EMISSION_START);
        const plain = new Stream(await createRouter({ ...basis, state }), seed);
        let storage = createMemoryStorage();
        let router = await open(storage, journal);
        const kept = new Stream(router, seed);
        await plain.begin();
        await kept.begin();
        const part = Math.ceil(steps / (restarts + 1));
        for (let i = 0; i < steps; i++) {
          if (i > 0 && i % part === 0) {
            const digest = router.digest();
            storage = storage.reopen();
            router = await open(storage, { ...journal, verify: "all" });
            expect(router.digest(), "after a crash").to.equal(digest);
            Object.assign(kept, { router });
          }
          await plain.step();
          await kept.step();
        }
        expect(kept.acknowledged).to.deep.equal(plain.acknowledged);
        expect(kept.closed).to.deep.equal(plain.closed);
        expect(router.digest()).to.equal(stateDigest(state));
        expect(router.figures()).to.deep.equal(plain.router.figures());
        router.close();
        expect((await open(storage.reopen())).journal().replayed, "a closed one has nothing to replay").to.equal(0);
      }),
      { numRuns: 40 },
    );
  });
});
