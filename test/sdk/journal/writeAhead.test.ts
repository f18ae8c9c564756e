import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { keccak256Text as id } from "@yellowstone-compute/sdk/crypto";
import * as errors from "@yellowstone-compute/sdk/errors";
import { openSqliteStorage } from "@yellowstone-compute/sdk/journal";
import { LedgerTree, debitsHash, packDebits } from "@yellowstone-compute/sdk/ledger";
import { localSigner, type Attestation, type TypedDataSigner } from "@yellowstone-compute/sdk/messages";
import { createSignedSeqs } from "@yellowstone-compute/sdk/quorum";
import type { Matched } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, unixSeconds } from "@yellowstone-compute/sdk/units";
import { ROOT } from "../../utils/script.js";
import { MOR, NOON_MS, bid, domain, owner, report, rfc, routerKey } from "../router/world.js";
import { crashBasis } from "./basis.js";
import { Stream } from "./stream.js";
import { PRICE, debit, headOf, open, outcomeOf, refuses, rich, serve, signsNoBlock, watched } from "./world.js";

describe("journal, what is written ahead", () => {
  it("commits what comes at the same time in one batch, and each by itself where that is asked for", async () => {
    const { storage, appended } = watched();
    const router = await open(storage);
    const offer = await bid(0, PRICE, { capacity: 50 });
    await router.postBid(offer, owner.address, NOON_MS);
    const rfcs = await Promise.all(Array.from({ length: 40 }, (_, i) => rfc(`user ${i}`)));
    const placed = await Promise.all(rfcs.map((each) => router.admit(each, rich)));
    expect(placed.every(({ status }) => status === "matched")).to.equal(true);
    expect(appended).to.deep.equal([1, 40]);
    const each = watched();
    const single = await open(each.storage, { group: "each" });
    await single.postBid(offer, owner.address, NOON_MS);
    await Promise.all(rfcs.map((one) => single.admit(one, rich)));
    expect(each.appended).to.deep.equal(Array(41).fill(1));
    expect(single.digest()).to.equal(router.digest());
    const late = watched();
    const timed = await open(late.storage, { group: 20 });
    await timed.postBid(offer, owner.address, NOON_MS);
    const startedAt = performance.now();
    await Promise.all(rfcs.slice(0, 3).map((one) => timed.admit(one, rich)));
    expect(performance.now() - startedAt).to.be.above(15);
    expect(late.appended).to.deep.equal([1, 3]);
  });

  it("refuses a whole batch that finds no room, and stops at a failure nobody can judge", async () => {
    const full = new errors.JournalFull("somewhere", undefined);
    const { storage, memory, failures } = watched();
    const router = await open(storage);
    await router.postBid(await bid(0, PRICE, { capacity: 50 }), owner.address, NOON_MS);
    const digest = router.digest();
    failures.push(full);
    const lost = await Promise.all(["ann", "ben"].map(async (name) => outcomeOf(router.admit(await rfc(name), rich))));
    expect(lost).to.deep.equal([full, full]);
    expect(router.digest()).to.equal(digest);
    expect((await router.admit(await rfc("cyd"), rich)).status).to.equal("matched");
    const sound = router.digest();
    failures.push(new errors.JournalFailed("somewhere", "input/output error", undefined));
    await refuses(router.closeBlocks(NOON_MS + 60_000n), errors.JournalFailed);
    await refuses(router.admit(await rfc("dan"), rich), errors.JournalHalted);
    expect(() => router.expire(NOON_MS)).to.throw(errors.JournalHalted);
    expect(() => router.vetoed(1n)).to.throw(errors.JournalHalted);
    expect((await open(memory.reopen())).digest()).to.equal(sound);
  });

  it("keeps a match for a user who did not hear of it", async () => {
    const { storage, memory } = watched();
    const router = await open(storage);
    await router.postBid(await bid(0, PRICE), owner.address, NOON_MS);
    const asked = await rfc("ann");
    const matched = (await router.admit(asked, rich)) as Matched;
    await router.postBid(await bid(0, PRICE + 1n), owner.address, NOON_MS);
    const again = await open(memory.reopen());
    expect(await again.matchOf(matched.rfcHash)).to.deep.equal(matched);
    await refuses(again.matchOf(ZERO_HASH), errors.RfcUnmatched);
    await again.report(await report("ann", matched), NOON_MS + 1_000n);
    await refuses(again.matchOf(matched.rfcHash), errors.RfcUnmatched);
    await refuses(again.report(await report("ann", matched), NOON_MS + 1_000n), errors.MatchUnknown);
  });

  it("signs a height with one content, also when the signer failed and the process ended between", async () => {
    const { storage, memory } = watched();
    const router = await open(storage, { signer: signsNoBlock });
    await router.postBid(await bid(0, PRICE, { capacity: 9 }), owner.address, NOON_MS);
    await serve(router, "ann");
    await refuses(router.closeBlocks(NOON_MS + 12_000n), errors.SigningFailed);
    expect(router.propose(headOf(LedgerTree.empty()), 10n ** 9n, NOON_MS), "not signed, not attested").to.equal(
      undefined,
    );
    const again = await open(memory.reopen());
    // A clock that is behind: the report must not enter the block that was written.
    await serve(again, "ben");
    const blocks = await again.closeBlocks(NOON_MS + 24_000n);
    expect(blocks.map(({ reports }) => reports.length)).to.deep.equal([1, 1]);
    expect(again.backlogUMor()).to.equal((2n * 80n * PRICE) / 10n ** 12n);
  });

  it("is bound to one attestation of a seq, over restarts, until it has expired or its root was dropped", async () => {
    const { storage, memory } = watched();
    const router = await open(storage);
    const empty = LedgerTree.empty();
    const first = router.propose(headOf(empty), 0n, NOON_MS, undefined, debit)!;
    await router.sign(first);
    const again = await open(memory.reopen());
    const bound = again.boundDraft(1n)!;
    expect(bound.attestation).to.deep.equal(first.attestation);
    expect({ ...bound, after: 0, fit: 0 }).to.deep.equal({ ...first, after: 0, fit: 0 });
    expect((await again.sign(bound)).value).to.deep.equal(first.attestation);
    const laterMs = NOON_MS + 3_600_000n;
    const second = again.propose(headOf(empty), 0n, laterMs, undefined, debit)!;
    await refuses(again.sign(second), errors.SeqAlreadySigned);
    again.expire(laterMs + 61_000n);
    expect((await again.sign(second)).value).to.deep.equal(second.attestation);
    again.accepted(second);
    await refuses(again.sign(first), errors.DraftStale);
    expect(again.boundDraft(1n)).to.equal(undefined);
  });

  it("frees a seq whose root a veto has dropped", async () => {
    const { storage, memory } = watched();
    const router = await open(storage);
    await router.postBid(await bid(0, PRICE, { capacity: 9 }), owner.address, NOON_MS);
    await serve(router, "ann");
    await router.closeBlocks(NOON_MS + 12_000n);
    const empty = LedgerTree.empty();
    const first = router.propose(headOf(empty), 10n ** 9n, NOON_MS)!;
    await router.sign(first);
    router.accepted(first);
    const second = router.propose(headOf(first.after, 1n), 0n, NOON_MS, undefined, debit)!;
    await router.sign(second);
    router.vetoed(1n);
    const again = await open(memory.reopen());
    expect(again.boundDraft(2n)).to.equal(undefined);
    const instead = again.propose(headOf(empty, 1n), 10n ** 9n, NOON_MS + 13_000n)!;
    expect(instead.attestation.seq).to.equal(2n);
    await again.sign(instead);
    again.accepted(instead);
    again.settled(2n);
    expect(() => again.vetoed(2n)).to.throw(errors.VetoUnknown);
  });

  it("keeps what a co-signer signed, and what other proposers paid", async () => {
    const { storage, memory } = watched();
    const router = await open(storage);
    await router.postBid(await bid(0, PRICE, { capacity: 9 }), owner.address, NOON_MS);
    await serve(router, "ann");
    const [block] = await router.closeBlocks(NOON_MS + 12_000n);
    const paid = router.paid(block!.reports.map((each) => ({ ...each, height: block!.signed.value.height })));
    expect(paid).to.have.length(1);
    expect(router.backlogUMor()).to.equal(0n);
    const attestation = { ...router.propose(headOf(LedgerTree.empty()), 0n, NOON_MS, undefined, debit)!.attestation };
    await createSignedSeqs(router.signedSeqs(), domain).claim(attestation, NOON_MS / 1_000n);
    const again = await open(memory.reopen());
    expect(again.digest()).to.equal(router.digest());
    const guard = createSignedSeqs(again.signedSeqs(), domain);
    await guard.claim(attestation, NOON_MS / 1_000n);
    const other: Attestation = { ...attestation, debitsHash: debitsHash(packDebits([...debit, ...debit])) };
    await refuses(guard.claim(other, NOON_MS / 1_000n), errors.SeqAlreadySigned);
    const expired = unixSeconds(attestation.deadline + 1n);
    await guard.claim(other, expired);
    again.unpaid(paid);
    expect(again.backlogUMor()).to.equal(240n);
    again.settled(1_024n);
    expect(await again.signedSeqs().load(1n), "a seq is remembered among the last 1,024").to.include({ seq: 1n });
    again.settled(1_025n);
    expect(await again.signedSeqs().load(1n)).to.equal(undefined);
    expect((await open(memory.reopen())).digest()).to.equal(again.digest());
  });

  it("asks for the figures of a day once, and never again after a restart", async () => {
    const { storage, memory } = watched();
    let asked = 0;
    const access = { budgetWei: 1_000n * MOR, supplyWei: 1_000_000n * MOR };
    const counting = { ...crashBasis.policy, accessOf: () => (asked++, access) };
    const router = await open(storage, { policy: counting });
    await router.postBid(await bid(0, PRICE, { capacity: 9 }), owner.address, NOON_MS);
    for (const name of ["ann", "ben"]) await router.admit(await rfc(name), rich);
    const refusing = { ...crashBasis.policy, accessOf: () => expect.fail("asked again") };
    const again = await open(memory.reopen(), { policy: refusing });
    expect((await again.admit(await rfc("cyd"), rich)).status).to.equal("matched");
    expect(asked).to.equal(1);
  });

  it("tells an observer the steps again when it replays", async () => {
    const { storage, memory } = watched();
    const heard: string[] = [];
    const router = await open(storage, { observer: ({ kind }) => heard.push(kind) });
    await router.postBid(await bid(0, PRICE, { capacity: 9 }), owner.address, NOON_MS);
    await serve(router, "ann");
    const again: string[] = [];
    await open(memory.reopen(), { observer: ({ kind }) => again.push(kind) });
    expect(heard).to.deep.equal(["bid", "rfc", "match", "signed", "report"]);
    expect(again, "signatures come from the signer").to.deep.equal(heard.filter((kind) => kind !== "signed"));
  });

  it("holds no key, and says none in an error", async () => {
    const folder = mkdtempSync(join(tmpdir(), "yellowstone-journal-"));
    try {
      const path = join(folder, "journal.db");
      const router = await open(await openSqliteStorage(path), { snapshotEvery: 20, group: "each" });
      const stream = new Stream(router, 11);
      await stream.begin();
      for (let i = 0; i < 60; i++) await stream.step();
      const failing: TypedDataSigner = {
        getAddress: () => routerKey.getAddress(),
        signTypedData: () => Promise.reject(new TypeError("locked")),
      };
      router.close();
      const fragile = await open(await openSqliteStorage(path), { signer: failing });
      const said: unknown[] = [await outcomeOf(fragile.closeBlocks(stream.atMs + 60_000n))];
      expect(said[0]).to.be.instanceOf(errors.SigningFailed);
      said.push(await outcomeOf(openSqliteStorage(path)), fragile, routerKey);
      fragile.abandon();
      const texts = said.map(
        (each) => `${inspect(each, { depth: 9, showHidden: true })} ${JSON.stringify(each, jsonSafe)}`,
      );
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
      const names = [
        "router",
        "owner",
        ...Array.from({ length: 5 }, (_, i) => [`user ${i}`, `query:user ${i}`]).flat(),
      ];
      for (const name of names) {
        const key = id(name).slice(2);
        for (const file of files) {
          expect(file.includes(Buffer.from(key, "hex")), `key of ${name}`).to.equal(false);
          expect(file.includes(key), `key of ${name} in hex`).to.equal(false);
        }
        for (const text of texts) expect(text).to.not.include(key);
      }
      const address = Buffer.from(localSigner(id("user 1")).address.slice(2), "hex");
      expect(
        files.some((file) => file.includes(address)),
        "the search finds what is there",
      ).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("says what to do on a Node without SQLite", () => {
    const code = `import { openSqliteStorage } from "@yellowstone-compute/sdk/journal";
      await openSqliteStorage("never.db").catch((error) => console.log(JSON.stringify(error)));`;
    const args = ["--no-experimental-sqlite", "--input-type=module", "--eval", code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).to.equal("");
    expect(JSON.parse(stdout)).to.include({ code: "JournalUnsupported", retry: "no" });
  });
});

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
