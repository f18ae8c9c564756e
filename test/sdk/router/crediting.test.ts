import { expect } from "chai";
import {
  DraftStale,
  InvalidPolicy,
  LedgerBehindHead,
  RouterSetStale,
  VetoUnknown,
} from "@yellowstone-compute/sdk/errors";
import {
  LedgerTree,
  debitsHash,
  mergeBlocks,
  packDebits,
  requireLinked,
  type Head,
} from "@yellowstone-compute/sdk/ledger";
import { verifyMessage } from "@yellowstone-compute/sdk/messages";
import {
  createRouter,
  createRouterState,
  packQuorum,
  routerSetDigest,
  type Matched,
  type Router,
} from "@yellowstone-compute/sdk/router";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import {
  WEI_PER_UMOR,
  ZERO_HASH,
  blockAt,
  hash32,
  providerId,
  uMor,
  unixSeconds,
} from "@yellowstone-compute/sdk/units";
import {
  EMISSION_START,
  MOR,
  NOON_MS,
  bid,
  domain,
  owner,
  policyOf,
  report,
  rfc,
  routerKey,
  routerWith,
  set,
} from "./world.js";

const HEIGHT = blockAt(NOON_MS / 1_000n, EMISSION_START);
/** One and a half uMOR a token: two reports of one token are three uMOR, each alone is one. */
const PRICE = (3n * WEI_PER_UMOR) / 2n;

const debits = [{ providerId: providerId(5), amountUMor: uMor(7n), reasonHash: ZERO_HASH }];

/** Serve one RFC of `tokens` tokens, judged at `atMs`. */
async function serve(router: Router, name: string, tokens: bigint, atMs: bigint): Promise<void> {
  const admitted = await router.admit(await rfc(name), { balanceWei: 1_000n * MOR, atMs: NOON_MS });
  expect(admitted.status).to.equal("matched");
  const signed = await report(name, admitted as Matched, { tokens });
  expect((await router.report(signed, atMs)).status).to.equal("served");
}

function headOf(tree: LedgerTree, openBlock: bigint, change: Partial<Head> = {}): Head {
  const headRoot = hash32(bytesToHex(tree.root()));
  return { lastSeq: 0n, headRoot, nextBlock: HEIGHT, openBlock, routerSet: routerSetDigest(set), ...change };
}

describe("router, from reports to attestation", () => {
  let router: Router;
  beforeEach(async () => {
    router = await routerWith();
    await router.postBid(await bid(5, PRICE), owner.address, NOON_MS);
  });

  it("closes blocks with reports, and one empty block for a quiet time", async () => {
    await serve(router, "ann", 1n, NOON_MS + 1_000n);
    await serve(router, "ben", 3n, NOON_MS + 25_000n);
    const blocks = await router.closeBlocks(NOON_MS + 5n * 12_000n);
    expect(blocks.map(({ signed }) => signed.value.height - HEIGHT)).to.deep.equal([0n, 2n, 4n]);
    expect(blocks.map(({ reports }) => reports.length)).to.deep.equal([1, 1, 0]);
    for (const [i, block] of blocks.entries()) {
      requireLinked(blocks[i - 1], block);
      expect(await verifyMessage(block.signed, domain, unixSeconds(0))).to.equal(routerKey.address);
    }
    expect(await router.closeBlocks(NOON_MS + 5n * 12_000n + 11_000n), "no further block is complete").to.deep.equal(
      [],
    );
    const together = await Promise.all([1, 2].map(() => router.closeBlocks(NOON_MS + 600n * 12_000n)));
    expect(together.map((closed) => closed.length)).to.deep.equal([1, 0]);
    const [next] = together.flat();
    expect(next && next.signed.value.previousHash).to.equal(blocks[2]?.hash);
  });

  it("credits under the allowance, oldest first, exact over attestations", async () => {
    for (let i = 0; i < 4; i++) await serve(router, `user ${i}`, 1n, NOON_MS + BigInt(i) * 12_000n);
    expect(router.backlogUMor(), "4 x 1.5").to.equal(6n);
    const atMs = NOON_MS + 48_000n;
    const line = mergeBlocks(await router.closeBlocks(atMs));
    const first = router.propose(headOf(LedgerTree.empty(), HEIGHT + 4n), 4n, atMs);
    expect(first?.paid).to.deep.equal(line.slice(0, 3));
    expect(first?.attestation).to.include({ seq: 1n, credited: 4n, firstBlock: HEIGHT, lastBlock: HEIGHT + 3n });
    if (first === undefined) return;
    const signed = await router.sign(first);
    expect(await verifyMessage(signed, domain, unixSeconds(atMs / 1_000n))).to.equal(routerKey.address);
    expect(packQuorum(set, new Map([[routerKey.address, signed.signature]]))).to.have.length(6 + 21 + 4 + 2 + 65);
    router.accepted(first);
    expect(router.backlogUMor()).to.equal(2n);
    expect(() => router.accepted(first)).to.throw(DraftStale);
    const next = headOf(first.after, HEIGHT + 9n, { lastSeq: 1n, nextBlock: HEIGHT + 4n });
    expect(router.propose(next, 1n, atMs), "one uMOR does not pay two").to.equal(undefined);
    const second = router.propose(next, 2n, atMs);
    expect(second?.attestation, "no block was closed since").to.include({
      credited: 2n,
      firstBlock: HEIGHT + 4n,
      lastBlock: HEIGHT + 3n,
    });
    if (second === undefined) return;
    router.accepted(second);
    expect(router.backlogUMor()).to.equal(0n);
    expect(second.after.lane(5)).to.equal(6n);
  });

  it("attests no block that is still open for the chain", async () => {
    await serve(router, "ann", 2n, NOON_MS + 1_000n);
    await serve(router, "ben", 2n, NOON_MS + 13_000n);
    await router.closeBlocks(NOON_MS + 24_000n);
    const draft = router.propose(headOf(LedgerTree.empty(), HEIGHT + 1n), 99n, NOON_MS + 24_000n);
    expect(draft?.attestation).to.include({ lastBlock: HEIGHT, credited: 3n });
    expect(draft?.paid).to.have.length(1);
  });

  it("proposes nothing for another router set or another head, or without credit", async () => {
    const atMs = NOON_MS + 24_000n;
    const head = headOf(LedgerTree.empty(), HEIGHT + 2n);
    expect(router.propose(head, 99n, NOON_MS)).to.equal(undefined);
    await serve(router, "ann", 2n, NOON_MS + 1_000n);
    expect(router.propose(head, 99n, NOON_MS + 1_000n), "its block is not closed").to.equal(undefined);
    await router.closeBlocks(atMs);
    expect(() => router.propose({ ...head, routerSet: ZERO_HASH }, 99n, atMs)).to.throw(RouterSetStale);
    expect(() => router.propose({ ...head, headRoot: ZERO_HASH }, 99n, atMs)).to.throw(LedgerBehindHead);
    const draft = router.propose(head, 99n, atMs);
    const changed = draft && { ...draft, paid: [...draft.paid, ...draft.paid] };
    expect(() => changed && router.accepted(changed)).to.throw(DraftStale);
    expect(router.backlogUMor()).to.equal(3n);
  });

  it("takes vetoed attestations back: their reports wait in front, and are attested again", async () => {
    for (let i = 0; i < 4; i++) await serve(router, `user ${i}`, 1n, NOON_MS + BigInt(i) * 12_000n);
    const atMs = NOON_MS + 48_000n;
    const line = mergeBlocks(await router.closeBlocks(atMs));
    const empty = LedgerTree.empty();
    const first = router.propose(headOf(empty, HEIGHT + 4n), 2n, atMs)!;
    router.accepted(first);
    const next = headOf(first.after, HEIGHT + 5n, { lastSeq: 1n, nextBlock: HEIGHT + 4n });
    const second = router.propose(next, 2n, atMs)!;
    router.accepted(second);
    expect(router.backlogUMor()).to.equal(3n);
    expect(() => router.vetoed(3n)).to.throw(VetoUnknown);
    router.vetoed(1n);
    expect(router.backlogUMor()).to.equal(6n);
    expect(() => router.vetoed(1n)).to.throw(VetoUnknown);
    const again = router.propose(headOf(empty, HEIGHT + 5n, { lastSeq: 2n }), 99n, atMs)!;
    expect(again.paid).to.deep.equal(line);
    expect(again.attestation).to.include({ seq: 3n, credited: 6n, firstBlock: HEIGHT, lastBlock: HEIGHT + 3n });
    router.accepted(again);
    expect(router.backlogUMor()).to.equal(0n);
    expect(again.after.lane(5)).to.equal(6n);
  });

  it("accepts no draft that its ledger and its reports do not make", async () => {
    await serve(router, "ann", 2n, NOON_MS + 1_000n);
    await router.closeBlocks(NOON_MS + 12_000n);
    const draft = router.propose(headOf(LedgerTree.empty(), HEIGHT + 1n), 99n, NOON_MS + 12_000n)!;
    for (const [change, reason] of [
      [{ previousRoot: ZERO_HASH }, /another root/],
      [{ newRoot: ZERO_HASH }, /does not pay the first 1 reports/],
    ] as const) {
      const forged = { ...draft, attestation: { ...draft.attestation, ...change } };
      expect(() => router.accepted(forged)).to.throw(DraftStale, reason);
      expect(router.backlogUMor()).to.equal(3n);
    }
    router.accepted(draft);
    expect(router.backlogUMor()).to.equal(0n);
  });

  it("drafts again only what it is bound to and what still stands", async () => {
    const empty = LedgerTree.empty();
    await serve(router, "ann", 2n, NOON_MS + 1_000n);
    const [block] = await router.closeBlocks(NOON_MS + 12_000n);
    const first = router.propose(headOf(empty, HEIGHT + 1n), 99n, NOON_MS + 12_000n)!;
    const second = router.propose(headOf(empty, HEIGHT + 1n, { lastSeq: 1n }), 99n, NOON_MS + 12_000n)!;
    for (const draft of [first, second]) await router.sign(draft);
    expect(router.boundDraft(2n)?.attestation).to.deep.equal(second.attestation);
    router.accepted(first);
    expect(() => router.boundDraft(2n)).to.throw(DraftStale, /another root/);
    router.vetoed(1n);
    const own = router.paid(block!.reports.map((each) => ({ ...each, height: HEIGHT })));
    expect(() => router.boundDraft(2n)).to.throw(DraftStale, /no longer wait in front/);
    for (let time = 0; time < 2; time++) router.unpaid(own);
    expect(router.backlogUMor(), "given back once").to.equal(3n);
    expect(router.boundDraft(2n)?.attestation).to.deep.equal(second.attestation);
  });

  it("carries debits, alone if there is nothing to credit", () => {
    const draft = router.propose(headOf(LedgerTree.empty(), HEIGHT + 1n), 9n, NOON_MS, undefined, debits);
    expect(draft?.attestation).to.include({ credited: 0n, debitsHash: debitsHash(packDebits(debits)) });
    expect(draft?.attestation.newRoot).to.equal(draft?.attestation.previousRoot);
    expect(draft?.debits).to.deep.equal(packDebits(debits));
  });

  it("continues a ledger it is given", async () => {
    const tree = LedgerTree.from([0n, 0n, 0n, 0n, 0n, 100n]);
    const state = createRouterState(policyOf(), EMISSION_START, tree);
    router = await createRouter({
      signer: routerKey,
      domain,
      set,
      policy: policyOf(),
      emissionStart: EMISSION_START,
      state,
    });
    const later = { signer: routerKey, domain, set, policy: policyOf(), emissionStart: EMISSION_START + 1n, state };
    expect(await createRouter(later).catch((error: unknown) => error)).to.be.instanceOf(InvalidPolicy);
    await router.postBid(await bid(5, PRICE), owner.address, NOON_MS);
    await serve(router, "ann", 2n, NOON_MS + 1_000n);
    await router.closeBlocks(NOON_MS + 12_000n);
    expect(router.backlogUMor()).to.equal(3n);
    const draft = router.propose(headOf(tree, HEIGHT + 1n), 99n, NOON_MS + 12_000n);
    expect(draft?.after.lane(5)).to.equal(103n);
  });
});
