import { expect } from "chai";
import { network } from "hardhat";
import * as sdk from "@yellowstone-compute/sdk";
import { signReport, signRequest, type UserRequest } from "../../scripts/replay/parties.js";

const MOR = 10n ** 18n;
const PROVIDERS = 5;
const ACTIVATION_DELAY = 600;
const MODEL = sdk.modelId(sdk.keccak256Text("llama-2-7b-chat"));
const TOKENS = 100n;
const key = (name: string) => sdk.localSigner(sdk.keccak256Text(`spine ${name}`));
const ROUTER = key("router");
const SET: sdk.RouterSet = { threshold: 1, routers: [{ account: ROUTER.address, isContract: false }] };
/** Provider i asks this much for a token: the lowest bid is provider 0's. */
const priceOf = (id: number) => sdk.wei((BigInt(id) + 1n) * 10n ** 15n);
const payoutOf = (id: number) => key(`payout ${id}`).address;

/** The error a promise is rejected with. */
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("scenario: the spine by hand, through the public door", () => {
  it("connect, register, bid, request, report, attest, activate, claim, rebuild", async () => {
    const { ethers, networkHelpers } = await network.create("l1");
    const [sender] = await ethers.getSigners();
    const startAt = (await networkHelpers.time.latest()) - 10 * sdk.DAY_SECONDS;
    const token = await ethers.deployContract("TestMor");
    const schedule = await ethers.deployContract("LinearDecreaseSchedule", [3456n * MOR, 0, startAt, sdk.DAY_SECONDS]);
    const [admin] = await ethers.getSigners();
    const authority = await ethers.deployContract("AccessManager", [admin!.address]);
    const routers = await ethers.deployContract("RouterSet", [[...SET.routers], SET.threshold, authority]);
    const bonds = { minBondWei: MOR, changeDelay: 3_600n, unbondingDelay: 2n * BigInt(ACTIVATION_DELAY) };
    const window = { startAt: 0n, endAt: 0n, seasonLength: 0n, entryWindow: 0n };
    const args = [token, schedule, routers, authority, ACTIVATION_DELAY, bonds, window];
    const compute = await ethers.deployContract("ComputeContract", args);
    const lens = await ethers.deployContract("ComputeLens");
    const addresses = {
      compute: sdk.address(await compute.getAddress()),
      lens: sdk.address(await lens.getAddress()),
    };
    const d = await sdk.connect({ runner: sender!, addresses });

    // Providers and their bonds; then MOR arrives and is booked.
    await token.mint(sender!, BigInt(PROVIDERS) * MOR);
    await sdk.approveBond.sendAndWait(d, { bondWei: sdk.wei(BigInt(PROVIDERS) * MOR) });
    for (let id = 0; id < PROVIDERS; id++) {
      const { outcome } = await sdk.registerProvider.sendAndWait(d, {
        owner: key(`owner ${id}`).address,
        payout: payoutOf(id),
        bondWei: sdk.wei(MOR),
        metadata: { uri: `provider:${id}`, contentHash: sdk.keccak256Text(`provider ${id}`) },
      });
      expect(outcome.id).to.equal(BigInt(id));
    }
    await token.mint(compute, 1_000n * MOR);
    expect((await sdk.intake.sendAndWait(d, {})).outcome.booked).to.include({ amountWei: 1_000n * MOR });

    // A router that knows the deployment, and a bid of every provider.
    const access = { budgetWei: 3_456n * MOR, supplyWei: 1_000n * MOR };
    const router = await sdk.createRouter({
      signer: ROUTER,
      domain: d.domain,
      set: SET,
      policy: sdk.createPolicy({ accessOf: () => access }),
      emissionStart: d.emissionStart,
    });
    let atMs = BigInt(await networkHelpers.time.latest()) * 1_000n;
    for (let id = 0; id < PROVIDERS; id++) {
      const owner = key(`owner ${id}`);
      const bid: sdk.Bid = {
        providerId: sdk.providerId(id),
        modelId: MODEL,
        unit: sdk.BidUnit.T,
        priceWei: priceOf(id),
        capacity: 1,
        sequence: sdk.uint(1, 64, "sequence"),
        validFromAt: sdk.unixSeconds(atMs / 1_000n),
        expiresAt: sdk.unixSeconds(atMs / 1_000n + 3_600n),
        endpoint: `https://provider-${id}.example`,
      };
      await router.postBid(await sdk.signMessage(owner, "Bid", bid, d.domain), owner.address, atMs);
    }

    // One request more than there are providers: the last one waits until one is free.
    const requests: UserRequest[] = [];
    const matches: sdk.Matched[] = [];
    for (let i = 0; i <= PROVIDERS; i++) {
      const wanted = { queryKey: key(`query ${i}`), modelId: MODEL, tokens: TOKENS, atMs, nonce: BigInt(i) };
      requests.push(await signRequest(key(`user ${i}`), wanted, d.domain));
      const placed = await router.admit(requests[i]!.rfc, { balanceWei: 100n * MOR, atMs });
      expect(placed.status).to.equal(i < PROVIDERS ? "matched" : "queued");
      if (placed.status === "matched") matches.push(placed);
    }
    expect(matches.map(({ match }) => match.value.providerId)).to.deep.equal([0n, 1n, 2n, 3n, 4n]);
    const report = async (i: number) => {
      const { match, matchHash } = matches[i]!;
      const delivered = { matchHash, tokens: TOKENS, passed: true, sentAtMs: atMs - 900n, receivedAtMs: atMs };
      const judged = await router.report(
        await signReport(requests[i]!.queryKey, match.value, delivered, d.domain),
        atMs,
      );
      expect(judged).to.include({ status: "served", providerId: match.value.providerId });
    };
    atMs += 1_000n;
    await report(0);
    const [last] = await router.pump(atMs);
    if (last?.status !== "matched") return expect.fail("the waiting request was not matched");
    matches.push(last);
    atMs += 1_000n;
    for (let i = 1; i <= PROVIDERS; i++) await report(i);

    // The block closes; the router drafts and signs, anyone posts.
    atMs += 24_000n;
    await networkHelpers.time.increaseTo(atMs / 1_000n);
    await router.closeBlocks(atMs);
    const { head, pool } = await sdk.readState(d);
    const draft = router.propose(head, pool.allowanceWei / sdk.WEI_PER_UMOR, atMs, sdk.CHAIN_LIMITS.geth);
    if (draft === undefined) return expect.fail("nothing was drafted");
    const { signer, signature, value: attestation } = await router.sign(draft);
    const quorum = sdk.packQuorum(SET, new Map([[signer, signature]]));
    const post = { attestation, deltas: draft.deltas, witness: draft.witness, quorum };
    const { outcome } = await sdk.postAttestation.sendAndWait(d, post);
    router.accepted(draft);
    const earnedUMor = (id: number) => ((id === 0 ? 2n : 1n) * TOKENS * priceOf(id)) / sdk.WEI_PER_UMOR;
    const all = Array.from({ length: PROVIDERS }, (_, id) => id);
    expect(outcome.creditedUMor).to.equal(all.reduce((sum, id) => sum + earnedUMor(id), 0n));
    expect(router.backlogUMor()).to.equal(0n);

    // What the events say is what the router has.
    const { tree, seq, root } = await sdk.rebuildLedger(d);
    expect(seq).to.equal(1n);
    expect(root).to.equal(sdk.bytesToHex(draft.after.root()));
    expect(all.map((id) => tree.lane(id))).to.deep.equal(all.map(earnedUMor));

    // Pending, then active: one claims, then all.
    const pending = await failureOf(sdk.claim.send(d, sdk.claimFor(seq, tree, [2])));
    expect(pending).to.be.instanceOf(sdk.LedgerAttestationPending).and.to.have.property("retry", "later");
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await sdk.claim.sendAndWait(d, sdk.claimFor(seq, tree, [2]));
    expect(await token.balanceOf(payoutOf(2))).to.equal(earnedUMor(2) * sdk.WEI_PER_UMOR);
    const many = await sdk.claim.sendAndWait(d, sdk.claimFor(seq, tree, all));
    expect(many.outcome.payments.map(({ id }) => id)).to.deep.equal([0n, 1n, 3n, 4n]);
    for (const id of all) expect(await token.balanceOf(payoutOf(id))).to.equal(earnedUMor(id) * sdk.WEI_PER_UMOR);
    const end = await sdk.readState(d);
    expect(end.pool).to.include({ owedWei: 0n, unbookedWei: 0n });
    expect(end.pool.heldWei).to.equal(end.pool.unusedWei);

    // What the chain refuses has a class, through the SDK or from anybody's raw call.
    expect(await failureOf(sdk.claim.send(d, sdk.claimFor(seq, tree, all)))).to.be.instanceOf(sdk.ClaimNothingDue);
    const call = sdk.postAttestation.call(d, post);
    const raw = await failureOf(ethers.provider.call(call));
    const decoded = sdk.decodeError(raw);
    expect(decoded).to.be.instanceOf(sdk.AttestationSeqInvalid);
    expect(decoded.data).to.deep.equal({ seq: 1n, expected: 2n });
  });
});
