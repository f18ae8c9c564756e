import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { concatBytes, keccak256 } from "@yellowstone-compute/sdk/crypto";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { failureOf } from "../actions/fixture.js";
import { credited, LIMITS, networkHelpers, relayerOf, settle, TIMING, world } from "./world.js";

/** Opening a store asks nobody anything. */
const nobody = { chainId: 31_337n, addresses: { compute: sdk.address(`0x${"c0".repeat(20)}`) } } as sdk.Deployment;
const utf8 = new TextEncoder();

/** A text behind its sum, as header and snapshot are kept. */
function sealed(content: string): Uint8Array {
  const bytes = utf8.encode(content);
  return concatBytes(keccak256(bytes), bytes);
}

/** The text of a sealed record, with its fields changed. */
function resealed(record: Uint8Array, change: object): Uint8Array {
  const fields = JSON.parse(new TextDecoder().decode(record.subarray(32))) as object;
  return sealed(JSON.stringify({ ...fields, ...change }));
}

/** A store of a relayer, of which some verbs are others. */
function storeWith(change: (storage: sdk.RelayStore) => Partial<sdk.RelayStore>): sdk.RelayStore {
  const storage = createMemoryStorage();
  const store: sdk.RelayStore = {
    header: () => storage.header(),
    begin: (...args) => storage.begin(...args),
    append: (batch) => storage.append(batch),
    read: (position) => storage.read(position),
    snapshot: () => storage.snapshot(),
    compact: (...args) => storage.compact(...args),
    close: () => storage.close(),
  };
  return { ...store, ...change(storage) };
}

/** Let the nth append fail, once. */
const failingAt = (nth: number, reason: Error): sdk.RelayStore => {
  let left = nth;
  return storeWith((storage) => ({
    append: (batch) => {
      left--;
      if (left === 0) throw reason;
      storage.append(batch);
    },
  }));
};

describe("relayer: its store", () => {
  for (const [what, change, reason] of [
    ["a header whose sum is another", { header: (own) => own.map((byte) => byte ^ 1) }, /the header does not match/],
    ["a header of another program", { header: (own) => resealed(own, { magic: "journal" }) }, /no relayer's/],
    ["a header that is no JSON", { header: () => sealed("{") }, /no JSON/],
    ["no snapshot", { snapshot: () => undefined }, /no snapshot/],
    ["a snapshot whose sum is another", { snapshot: (own) => own.slice(1) }, /the snapshot does not match/],
    [
      "another relayer's snapshot",
      { snapshot: (own) => resealed(own, { genesis: sdk.ZERO_HASH }) },
      /another relayer's/,
    ],
  ] as readonly [
    string,
    { readonly [Part in "header" | "snapshot"]?: (own: Uint8Array) => Uint8Array | undefined },
    RegExp,
  ][]) {
    it(`is refused with ${what}`, async () => {
      const storage = createMemoryStorage();
      await relayerOf(nobody, { store: storage });
      const { header = (own) => own, snapshot = (own) => own } = change;
      const store = storeWith(() => ({
        header: () => header(storage.header()!),
        snapshot: () => snapshot(storage.snapshot()!),
      }));
      const failure = await failureOf(relayerOf(nobody, { store }));
      expect(failure).to.be.instanceOf(sdk.JournalDamaged).and.have.property("message").that.matches(reason);
    });
  }

  it("is refused in another format, by its number", async () => {
    const storage = createMemoryStorage();
    await relayerOf(nobody, { store: storage });
    const store = storeWith(() => ({ header: () => resealed(storage.header()!, { format: 2 }) }));
    const failure = await failureOf(relayerOf(nobody, { store }));
    expect(failure).to.be.instanceOf(sdk.JournalVersionUnknown);
    expect((failure as sdk.JournalVersionUnknown).data).to.deep.equal({ expected: 1, actual: 2 });
  });

  it("without room takes no job, and takes it when there is room again", async () => {
    const relayer = await relayerOf(nobody, { store: failingAt(1, new sdk.JournalFull("x", "no room")) });
    expect(await failureOf(relayer.closeSeason(0))).to.be.instanceOf(sdk.JournalFull);
    expect(await relayer.jobs()).to.deep.equal([]);
    await relayer.closeSeason(0);
    expect((await relayer.jobs()).map(({ kind, phase }) => [kind, phase])).to.deep.equal([["close", "waiting"]]);
  });

  it("that failed otherwise is written no more, for nobody knows what it took", async () => {
    const relayer = await relayerOf(nobody, { store: failingAt(1, new Error("input/output error")) });
    for (let time = 0; time < 2; time++) {
      const failure = await failureOf(relayer.closeSeason(0));
      expect(failure).to.be.instanceOf(sdk.JournalHalted).and.have.property("cause");
    }
    expect(await relayer.jobs()).to.deep.equal([]);
  });

  it("that was let go of takes nothing any more", async () => {
    const relayer = await relayerOf(nobody);
    await relayer.close();
    expect(await failureOf(relayer.closeSeason(0))).to.be.instanceOf(sdk.JournalHalted);
  });

  it("ends a run when it fails; one without room is only waited for", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n]);
    const failures: string[] = [];
    const observer = (event: sdk.RelayEvent) => {
      if (event.event === "failure") failures.push(event.failure.code);
    };
    const options = { observer, timing: { ...TIMING, pollMs: 2 }, limits: LIMITS };
    // The first record is the job, the second the signature.
    const broken = await relayerOf(d, { ...options, store: failingAt(2, new Error("input/output error")) });
    await broken.claim(sdk.claimFor(seq, tree, [0]));
    expect(await failureOf(broken.run(AbortSignal.timeout(5_000)))).to.be.instanceOf(sdk.JournalHalted);
    expect(failures).to.deep.equal([]);
    const full = await relayerOf(d, { ...options, store: failingAt(2, new sdk.JournalFull("x", "no room")) });
    const id = await full.claim(sdk.claimFor(seq, tree, [0]));
    const stop = new AbortController();
    const run = full.run(stop.signal);
    while ((await full.status(id)).endedAtMs === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
    stop.abort();
    await run;
    expect(failures).to.deep.equal(["JournalFull"]);
    expect((await settle(full)).map(({ phase }) => phase)).to.deep.equal(["done"]);
  });
});
