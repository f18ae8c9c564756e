import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { failureOf, payoutOf, quorumOf } from "../actions/fixture.js";
import {
  ACTIVATION_DELAY,
  attestationOf,
  credited,
  eventsOf,
  networkHelpers,
  PAYER,
  relayerOf,
  world,
  sentBy,
  settle,
} from "./world.js";

describe("relayer: verbs", () => {
  it("posts attestations in their order, whatever the order they came in, each once", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const first = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const second = await attestationOf(d, first.after, new Map([[1, 7n]]), { seq: 2n });
    const relayer = await relayerOf(d);
    const late = await relayer.post(second.post);
    const early = await relayer.post(first.post);
    expect(await relayer.post(first.post), "the same thing is the same job").to.equal(early);
    await settle(relayer);
    for (const id of [late, early]) {
      const status = await relayer.status(id);
      expect(status).to.include({ phase: "done", kind: "attestation" });
      expect(status.parts[0]?.result?.by).to.equal("us");
    }
    expect((await eventsOf(d, sdk.attestedEvent)).map(({ seq }) => seq)).to.deep.equal([1n, 2n]);
    expect((await sentBy(d.provider, PAYER.address)).map(({ nonce, status }) => [nonce, status])).to.deep.equal([
      [0, 1],
      [1, 1],
    ]);
  });

  it("an attestation that another relayer posted is done, and costs nothing", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const relayer = await relayerOf(d);
    const id = await relayer.post(post);
    await sdk.postAttestation.sendAndWait(d, post);
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 1n, phase: "already" }]);
    expect(await sentBy(d.provider, PAYER.address)).to.deep.equal([]);
  });

  it("an attestation whose seq another one took, or that was vetoed, has failed and says so", async () => {
    const { d, asGuardian } = await networkHelpers.loadFixture(world);
    const own = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const other = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 6n]]));
    const relayer = await relayerOf(d);
    const id = await relayer.post(own.post);
    await sdk.postAttestation.sendAndWait(d, other.post);
    await settle(relayer);
    const status = await relayer.status(id);
    expect(status.phase).to.equal("failed");
    expect(status.parts[0]?.failure).to.include({ code: "RelaySuperseded", retry: "no" });
    await sdk.vetoAttestation.sendAndWait(asGuardian, { seq: 1n });
    expect(await relayer.post(own.post), "a failed job is tried anew").to.equal(id);
    await settle(relayer);
    expect((await relayer.status(id)).parts[0]?.failure?.message).to.include("vetoed");
    expect(await sentBy(d.provider, PAYER.address)).to.deep.equal([]);
  });

  it("slash orders: posted once; done when posted by others; failed when the event is another one", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { head } = await sdk.readState(d);
    const order: sdk.SlashOrder = {
      eventId: sdk.hash32(`0x${"ab".repeat(32)}`),
      providerId: sdk.providerId(1),
      amountWei: sdk.wei(5n),
      reasonHash: sdk.hash32(`0x${"cd".repeat(32)}`),
      routerSet: head.routerSet,
      deadline: sdk.unixSeconds(head.timestamp + 3_600n),
    };
    const quorum = await quorumOf("SlashOrder", order, d.registryDomain);
    const relayer = await relayerOf(d);
    const id = await relayer.postSlash({ order, quorum });
    await settle(relayer);
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 1n, phase: "done" }]);
    const again = await relayerOf(d, { store: createMemoryStorage() });
    const same = await again.postSlash({ order, quorum });
    const changed = { ...order, amountWei: sdk.wei(6n) };
    const other = await again.postSlash({
      order: changed,
      quorum: await quorumOf("SlashOrder", changed, d.registryDomain),
    });
    await settle(again);
    expect((await again.status(same)).items[0]?.phase).to.equal("already");
    expect((await again.status(other)).parts[0]?.failure?.code).to.equal("RelaySuperseded");
    expect(await eventsOf(d, sdk.slashPostedEvent)).to.have.length(1);
  });

  it("claims pay, and report every provider", async () => {
    const { d, token } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [3n, 0n, 4n, 5n]);
    const relayer = await relayerOf(d);
    const id = await relayer.claim(sdk.claimFor(seq, tree, [0, 1, 3]));
    await settle(relayer);
    const { items, parts, phase } = await relayer.status(id);
    expect(phase).to.equal("done");
    expect(items).to.deep.equal([
      { item: 0n, phase: "done", paidUMor: 3n },
      { item: 1n, phase: "already" },
      { item: 3n, phase: "done", paidUMor: 5n },
    ]);
    expect(parts[0]?.result?.feeWei).to.be.greaterThan(0n);
    expect(await token.balanceOf(payoutOf(3))).to.equal(5n * 10n ** 12n);
    expect(await token.balanceOf(payoutOf(2))).to.equal(0n);
    const again = await relayerOf(d, { store: createMemoryStorage() });
    const paid = await again.claim(sdk.claimFor(seq, tree, [0, 3]));
    await settle(again);
    expect((await again.status(paid)).items.map((item) => item.phase)).to.deep.equal(["already", "already"]);
    expect(await sentBy(d.provider, PAYER.address)).to.have.length(1);
  });

  it("a claim waits for the activation, and says until when it is refused", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { post, after } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    await sdk.postAttestation.sendAndWait(d, post);
    const relayer = await relayerOf(d);
    const id = await relayer.claim(sdk.claimFor(1n, after, [0]));
    await settle(relayer, 5);
    expect((await relayer.status(id)).phase).to.equal("waiting");
    expect((await relayer.status(id)).parts[0]?.failure).to.include({
      code: "LedgerAttestationPending",
      retry: "later",
    });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await networkHelpers.mine();
    await settle(relayer);
    expect((await relayer.status(id)).items[0]).to.include({ phase: "done", paidUMor: 5n });
  });

  it("debits are booked once", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const debits = [
      { providerId: sdk.providerId(0), amountUMor: sdk.uMor(3n), reasonHash: sdk.hash32(`0x${"ef".repeat(32)}`) },
    ];
    const packed = sdk.packDebits(debits);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]), {
      debitsHash: sdk.debitsHash(packed),
    });
    await sdk.postAttestation.sendAndWait(d, { ...post, debits: packed });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const [attested] = await eventsOf(d, sdk.debitsAttestedEvent);
    const relayer = await relayerOf(d);
    const id = await relayer.bookDebits({ seq: 1n, debits: attested!.debits });
    await settle(relayer);
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 1n, phase: "done" }]);
    const again = await relayerOf(d, { store: createMemoryStorage() });
    const booked = await again.bookDebits({ seq: 1n, debits: attested!.debits });
    await settle(again);
    expect((await again.status(booked)).items).to.deep.equal([{ item: 1n, phase: "already" }]);
    expect(await eventsOf(d, sdk.debitedEvent)).to.have.length(1);
  });

  it("refuses what is none of its own, and settings that make no sense", async () => {
    const { d, asGuardian, sender } = await networkHelpers.loadFixture(world);
    const relayer = await relayerOf(d);
    const unknown = sdk.hash32(`0x${"00".repeat(32)}`) as sdk.JobId;
    expect(await failureOf(relayer.status(unknown))).to.be.instanceOf(sdk.RelayJobUnknown);
    expect(await failureOf(relayer.claim({ seq: 1n, ranges: "0x0102" }))).to.be.instanceOf(sdk.PayloadTruncated);
    expect(await failureOf(relayerOf(d, { fees: { bumpPercent: 5 } }))).to.be.instanceOf(sdk.InvalidRelaySetting);
    expect(await failureOf(relayerOf(d, { timing: { pollMs: -1 } }))).to.be.instanceOf(sdk.InvalidRelaySetting);
    const profit = { weiPerMor: -1n };
    expect(await failureOf(relayerOf(d, { fees: { profit } }))).to.be.instanceOf(sdk.InvalidRelaySetting);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    const unfit = await relayerOf(asGuardian, { sender });
    await unfit.post(post);
    expect(await failureOf(unfit.advance())).to.be.instanceOf(sdk.RelaySenderUnfit);
    expect(await failureOf(unfit.run(AbortSignal.timeout(5_000)))).to.be.instanceOf(sdk.RelaySenderUnfit);
  });
});
