import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { hostileProxy, MISDEEDS, type HostileProxy, type Misdeed } from "../../utils/hostileProxy.js";
import { serve } from "../../utils/face.js";
import type { LocalNode } from "../../utils/node.js";
import { Transaction } from "ethers";
import { attestationOf, credited, ethers, eventsOf, networkHelpers, PAYER, world, relayerOf, sentBy } from "./world.js";

const TIMING: sdk.RelayTiming = {
  pollMs: 2,
  stuckAfterMs: 80,
  timeoutMs: 400,
  attempts: 2,
  backoffMs: 1,
  backoffMaxMs: 20,
};
/** Small, so that a claim takes several transactions. */
const LIMITS: sdk.RelayLimits = { confirmations: 2, maxGas: 260_000, inFlight: 3 };

/** Numbers from 0 to 1 by seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("relayer: hostile node", function () {
  this.timeout(60_000);
  const running: LocalNode[] = [];
  let proxy: HostileProxy;

  before(async () => {
    const face = await serve((method, params) => ethers.provider.send(method, [...params]));
    running.push(face);
    proxy = await hostileProxy(face.url);
    running.push(proxy);
  });
  after(async () => {
    for (const node of running.reverse()) await node.stop();
    await ethers.provider.send("evm_setAutomine", [true]);
  });

  /** A relayer behind the proxy, several jobs, a miner at its own pace; runs until all jobs have ended. */
  async function endure(seed: number, misdeeds: readonly Misdeed[], share: number, restarts: boolean) {
    const random = generator(seed);
    proxy.plan = () => undefined;
    proxy.done.clear();
    proxy.sent.length = 0;
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    const first = await attestationOf(d, tree, new Map([[0, 5n]]));
    const second = await attestationOf(d, first.after, new Map([[11, 7n]]), { seq: seq + 2n });
    const provider = sdk.relayProvider(proxy.url, d.chainId, { timeoutMs: 1_000 });
    const far = await sdk.connect({ runner: provider, addresses: d.addresses });
    const store = createMemoryStorage();
    const failures: sdk.YellowstoneError[] = [];
    const signed = new Map<number, Set<string>>();
    const observer = (event: sdk.RelayEvent) => {
      if (event.event === "failure") failures.push(event.failure);
      else if (event.change.t === "sign") {
        const { nonce, variant } = event.change;
        signed.set(nonce, (signed.get(nonce) ?? new Set()).add(variant.raw));
      }
    };
    const options = { timing: TIMING, limits: LIMITS, observer };
    let relayer = await relayerOf(far, { store, ...options });
    const ids = [
      await relayer.post(second.post),
      await relayer.post(first.post),
      await relayer.claim(sdk.claimFor(seq, tree, [0, 1, 2, 3, 4, 5, 6])),
    ];
    await ethers.provider.send("evm_setAutomine", [false]);
    proxy.plan = () => (random() < share ? misdeeds[Math.floor(random() * misdeeds.length)] : undefined);
    let stop = new AbortController();
    let run = relayer.run(stop.signal);
    const started = Date.now();
    try {
      for (let step = 0; Date.now() - started < 40_000; step++) {
        await new Promise((resolve) => setTimeout(resolve, 4));
        if (random() < 0.6) await ethers.provider.send("evm_mine", []);
        if (restarts && random() < 0.1) {
          // Dropped without a word: only what the store holds is left.
          stop.abort();
          await run;
          stop = new AbortController();
          relayer = await relayerOf(far, { store: store.reopen(), ...options });
          run = relayer.run(stop.signal);
        }
        if ((await relayer.jobs()).every(({ endedAtMs }) => endedAtMs !== undefined)) break;
      }
    } finally {
      stop.abort();
      await run;
      proxy.plan = () => undefined;
      await ethers.provider.send("evm_setAutomine", [true]);
      provider.destroy();
    }
    return { d, seq, jobs: await Promise.all(ids.map((id) => relayer.status(id))), failures, signed };
  }

  /** Everything happened, and nothing happened twice. */
  async function requireOnce({ d, seq, jobs, failures, signed }: Awaited<ReturnType<typeof endure>>): Promise<void> {
    const report = JSON.stringify(
      jobs.map(({ phase, parts }) => [phase, parts.map(({ failure }) => failure?.message)]),
    );
    expect(
      jobs.map(({ phase }) => phase),
      report,
    ).to.deep.equal(["done", "done", "done"]);
    expect((await eventsOf(d, sdk.attestedEvent)).map((each) => each.seq)).to.deep.equal([seq, seq + 1n, seq + 2n]);
    const payments = (await eventsOf(d, sdk.claimedEvent)).flatMap((each) => each.payments);
    expect(payments.map(({ id, amountUMor }) => [id, amountUMor]).sort((a, b) => Number(a[0]! - b[0]!))).to.deep.equal(
      [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((amount, id) => [BigInt(id), amount]),
    );
    expect(jobs[2]!.items.every(({ phase, paidUMor }) => phase === "done" && paidUMor !== undefined)).to.equal(true);
    const mined = await sentBy(d.provider, PAYER.address);
    expect(mined.map(({ nonce }) => nonce)).to.deep.equal(mined.map((_, i) => i));
    expect(mined.filter(({ status }) => status !== 1)).to.deep.equal([]);
    const parts = jobs.flatMap((job) => job.parts);
    expect(
      parts.filter(({ result }) => result?.by !== "us"),
      "our own doing is known as ours",
    ).to.deep.equal([]);
    expect(mined.length, "one transaction a part").to.equal(parts.length);
    for (const raw of proxy.sent) {
      const { nonce } = Transaction.from(raw);
      expect(signed.get(nonce)?.has(raw), "nothing was sent that was not stored first").to.equal(true);
    }
    for (const failure of failures) {
      expect(failure).to.be.instanceOf(sdk.YellowstoneError);
      expect(failure.retry, `${failure.message} can be tried again`).to.be.oneOf(["now", "later"]);
    }
  }

  for (const [i, misdeed] of MISDEEDS.entries()) {
    it(`${misdeed}: a fifth of all requests; nothing is lost, nothing is sent twice`, async () => {
      const outcome = await endure(100 + i, [misdeed], 0.2, false);
      await requireOnce(outcome);
      expect(proxy.done.get(misdeed)).to.be.greaterThan(0);
    });
  }

  for (const seed of [1, 2]) {
    it(`seed ${seed}: everything at once, with restarts`, async () => {
      const outcome = await endure(seed, MISDEEDS, 0.3, true);
      await requireOnce(outcome);
      expect(proxy.done.size).to.be.greaterThan(6);
    });
  }
});
