import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { createRouter, createRouterState, type Matched } from "@yellowstone-compute/sdk/router";
import { unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";
import { ByteWriter } from "../../../sdk/dist/journal/bytes.js";
import { writeInput } from "../../../sdk/dist/journal/inputCodec.js";
import { Journal } from "../../../sdk/dist/journal/journal.js";
import { readState, writeState } from "../../../sdk/dist/journal/stateCodec.js";
import { EMISSION_START, NOON_MS, bid, domain, owner, policyOf, rfc, routerKey, set } from "../router/world.js";
import { crashBasis } from "./basis.js";
import { PRICE, open, outcomeOf, refuses, rich, serve, signsNoBlock, watched } from "./world.js";

const AT = NOON_MS / 1_000n;

describe("journal, its snapshots", () => {
  it("carry bids that are over, matches whose bid was replaced, and blocks that wait for their signature", async () => {
    const { storage, memory } = watched();
    const router = await open(storage, { signer: signsNoBlock });
    const post = async (...args: Parameters<typeof bid>) => router.postBid(await bid(...args), owner.address, NOON_MS);
    await post(1, 2n * PRICE, { sequence: 1_000n, expiresAt: unixSeconds(AT + 2n) });
    await post(0, PRICE, { capacity: 9 });
    await serve(router, "ann");
    const matched = (await router.admit(await rfc("ben"), rich)) as Matched;
    await post(0, PRICE + 1n, { capacity: 9 });
    await router.admit(await rfc("cyd"), { ...rich, atMs: NOON_MS + 3_000n });
    await refuses(router.closeBlocks(NOON_MS + 12_000n), errors.SigningFailed);
    router.snapshot();
    const again = await open(memory.reopen());
    expect(again.journal().replayed).to.equal(0);
    expect(again.digest()).to.equal(router.digest());
    expect(await again.matchOf(matched.rfcHash), "with the bid it was made with").to.deep.equal(matched);
    const older = await bid(1, PRICE, { sequence: 1_000n });
    await refuses(again.postBid(older, owner.address, NOON_MS), errors.StaleBid);
    const [block] = await again.closeBlocks(NOON_MS + 12_000n);
    expect(block?.reports.map(({ creditWei }) => creditWei)).to.deep.equal([80n * PRICE]);
  });

  it("are refused with a match whose bid they do not hold", async () => {
    const state = createRouterState(policyOf(), EMISSION_START);
    const basis = { signer: routerKey, domain, set, policy: policyOf(), emissionStart: EMISSION_START };
    const router = await createRouter({ ...basis, state });
    await router.postBid(await bid(0, PRICE), owner.address, NOON_MS);
    await router.admit(await rfc("ann"), rich);
    const bids = Object.assign(new Map(state.bids), { values: () => [] });
    const bytes = writeState({ ...state, bids: bids });
    expect(() => readState(bytes, policyOf(), 5)).to.throw(errors.JournalDamaged, /a match is without its bid/);
  });

  it("that find no room are told of and tried again, while the router goes on", async () => {
    const { storage, memory, compactFailures } = watched();
    const router = await open(storage, { group: "each", snapshotEvery: 2 });
    const post = async (provider: number) => router.postBid(await bid(provider, PRICE), owner.address, NOON_MS);
    const full = new errors.JournalFull("somewhere", undefined);
    compactFailures.push(full);
    for (const provider of [0, 1, 2]) await post(provider);
    expect(router.journal()).to.deep.include({ inputs: 3, snapshotFailure: full });
    await post(3);
    expect(router.journal().snapshotFailure).to.equal(undefined);
    const again = await open(memory.reopen());
    expect(again.journal().replayed).to.equal(0);
    expect(again.digest()).to.equal(router.digest());
  });

  it("do not hide a defect of the storage", async () => {
    const { storage, compactFailures } = watched();
    const router = await open(storage, { snapshotEvery: 1 });
    compactFailures.push(new TypeError("defect"));
    expect(() => router.expire(NOON_MS)).to.throw(TypeError, "defect");
  });
});

describe("journal, when a part of the router is broken", () => {
  it("halts at a transition that breaks in its middle, and goes on from what is durable without the defect", async () => {
    const { storage, memory } = watched();
    const bids = await Promise.all([0, 1, 2].map((provider) => bid(provider, PRICE)));
    let heard = 0;
    const observer = () => {
      if (++heard > 1) throw new TypeError("defect");
    };
    const router = await open(storage, { observer });
    await router.postBid(bids[0]!, owner.address, NOON_MS);
    const both = await Promise.all(bids.slice(1).map((one) => outcomeOf(router.postBid(one, owner.address, NOON_MS))));
    expect(both[0]).to.be.instanceOf(TypeError);
    expect(both[1], "behind it in one batch").to.be.instanceOf(errors.JournalHalted);
    expect(() => router.expire(NOON_MS)).to.throw(errors.JournalHalted);
    heard = 0;
    const damaged = await outcomeOf(open(memory.reopen(), { observer }));
    expect(damaged).to.be.instanceOf(errors.JournalDamaged);
    expect((damaged as Error).message).to.include("the transition of input 1 cannot be made");
    const sound = await open(watched().storage);
    for (const one of bids) await sound.postBid(one, owner.address, NOON_MS);
    expect((await open(memory.reopen())).digest(), "all three were durable").to.equal(sound.digest());
  });

  it("keeps nothing of an input that cannot be written", async () => {
    const { storage, memory } = watched();
    const router = await open(storage);
    const broken = { seq: 1n, digest: "0x12" as never, deadline: unixSeconds(AT) };
    await refuses(router.signedSeqs().save(broken), errors.InvalidField);
    await router.postBid(await bid(0, PRICE), owner.address, NOON_MS);
    const again = await open(memory.reopen());
    expect(again.journal().replayed).to.equal(1);
    expect(again.digest()).to.equal(router.digest());
  });

  it("refuses a batch that holds more than its inputs", async () => {
    const { storage, memory } = watched();
    await open(storage);
    const { chainId, verifyingContract } = crashBasis.domain;
    const identity = { chainId, contract: verifyingContract, router: routerKey.address, emissionStart: EMISSION_START };
    const { journal } = Journal.open(memory.reopen(), identity)!;
    const out = new ByteWriter();
    writeInput(out, { kind: "expire", atMs: unixMillis(NOON_MS) });
    out.byte(0);
    journal.append(out.take(), 1, NOON_MS);
    const damaged = await outcomeOf(open(memory.reopen()));
    expect(damaged).to.be.instanceOf(errors.JournalDamaged);
    expect((damaged as Error).message).to.include("a batch holds more than its inputs");
  });
});
