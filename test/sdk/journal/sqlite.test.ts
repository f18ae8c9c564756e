import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import {
  openRouter,
  openSqliteStorage,
  type JournaledRouterOptions,
  type SqliteSettings,
} from "@yellowstone-compute/sdk/journal";
import { createDomain } from "@yellowstone-compute/sdk/messages";
import { ROOT } from "../../utils/script.js";
import { EMISSION_START, MOR, NOON_MS, bid, keyOf, owner, policyOf, rfc } from "../router/world.js";
import { crashBasis } from "./basis.js";
import { Stream } from "./stream.js";

type Class = new (...args: never[]) => errors.YellowstoneError;
const rich = { balanceWei: 1_000n * MOR, atMs: NOON_MS };

describe("journal in a file", () => {
  let folder = "";
  let path = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "yellowstone-journal-"));
    path = join(folder, "journal.db");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = async (change: Partial<JournaledRouterOptions> = {}, settings: SqliteSettings = {}) =>
    openRouter({ ...crashBasis, snapshotEvery: 1_000, ...change, storage: await openSqliteStorage(path, settings) });

  /** Write a journal that ends without a snapshot, as after a crash; gives the state's digest. */
  async function written(steps = 60): Promise<string> {
    const router = await open();
    const stream = new Stream(router, 3);
    await stream.begin();
    for (let i = 0; i < steps; i++) await stream.step();
    const copy = `${path}.copy`;
    copyFileSync(path, copy);
    const digest = router.digest();
    router.close();
    rmSync(path);
    copyFileSync(copy, path);
    return digest;
  }

  /** Expect an error by its class, that names what to do, and a file that is as it was. */
  async function refused(
    expected: Class,
    change: Partial<JournaledRouterOptions> = {},
  ): Promise<errors.YellowstoneError> {
    const before = readFileSync(path);
    const error: unknown = await open(change).then(
      (router) => router.close(),
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(expected);
    expect((error as errors.YellowstoneError).next).to.not.equal("");
    expect(readFileSync(path).equals(before), "the file as it was").to.equal(true);
    return error as errors.YellowstoneError;
  }

  it("continues where it ended, and replays nothing after a clean close", async () => {
    const digest = await written();
    const again = await open({ verify: "all" });
    expect(again.digest()).to.equal(digest);
    expect(again.journal().replayed).to.be.above(30);
    again.close();
    const third = await open();
    expect(third.digest()).to.equal(digest);
    expect(third.journal().replayed).to.equal(0);
    third.close();
    expect(() => third.expire(NOON_MS)).to.throw(errors.JournalClosed);
  });

  it("is readable by its owner only", async () => {
    const router = await open();
    await router.postBid(await bid(0, 1n), owner.address, NOON_MS);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).to.equal(0);
    router.close();
  });

  it("is written by one router at a time", async () => {
    const first = await open();
    await open().then(
      () => expect.fail("opened twice"),
      (error: unknown) => expect(error).to.be.instanceOf(errors.JournalLocked),
    );
    expect(runWith("", "try").stdout, "another process").to.match(/^JournalLocked/);
    first.close();
    expect(runWith("", "try").stdout).to.match(/^ acknowledged/);
    (await open()).close();
  });

  it("refuses the journal of another chain, contract, router or start", async () => {
    await written(5);
    const domains = [createDomain(1, crashBasis.domain.verifyingContract), createDomain(31337, `0x${"dd".repeat(20)}`)];
    for (const domain of domains) await refused(errors.JournalForeign, { domain });
    await refused(errors.JournalForeign, { emissionStart: EMISSION_START + 12n });
    const other = keyOf("another router");
    const set = { threshold: 1, routers: [{ account: other.address, isContract: false }] };
    await refused(errors.JournalForeign, { signer: other, set });
  });

  it("refuses a file that was cut at any length, or is none of ours", async () => {
    await written();
    const whole = readFileSync(path);
    for (const part of [0, 1, 99, 100, 4_096, whole.length >> 1, whole.length - 4_096, whole.length - 1]) {
      writeFileSync(path, whole);
      truncateSync(path, part);
      await refused(errors.JournalDamaged);
    }
    writeFileSync(path, "not a database, but long enough to be looked at as one ".repeat(100));
    await refused(errors.JournalDamaged);
    rmSync(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    foreign.close();
    await refused(errors.JournalDamaged);
  });

  it("refuses any flipped bit of what it replays, and batches that are missing or swapped", async () => {
    await written(20);
    const whole = readFileSync(path);
    const edits = {
      snapshot: "UPDATE snapshot SET bytes = zeroblob(length(bytes))",
      header: "UPDATE header SET bytes = zeroblob(length(bytes))",
      content: "UPDATE batch SET bytes = zeroblob(length(bytes)) WHERE first = 7",
      digest: "UPDATE batch SET digest = zeroblob(32) WHERE first = 7",
      moment: "UPDATE batch SET at_ms = at_ms + 1 WHERE first = 7",
      missing: "DELETE FROM batch WHERE first = 7",
      count: "UPDATE batch SET count = 2 WHERE first = 7",
      swapped: "UPDATE batch SET first = -1 WHERE first = 7; UPDATE batch SET first = 7 WHERE first = 8;",
      row: "UPDATE batch SET first = 9007199254740993 WHERE first = 7",
      "a row is malformed": "UPDATE batch SET at_ms = -1 WHERE first = 7",
      // A table without our types, as another program may leave it.
      "input 7: a row is malformed": `CREATE TABLE other AS SELECT * FROM batch; DROP TABLE batch;
        ALTER TABLE other RENAME TO batch; UPDATE batch SET bytes = 'text' WHERE first = 7`,
      "there is no header": "DELETE FROM header",
      "there is no snapshot": "DELETE FROM snapshot",
    };
    for (const [name, edit] of Object.entries(edits)) {
      writeFileSync(path, whole);
      const db = new DatabaseSync(path);
      db.exec(edit);
      db.close();
      const error = await refused(errors.JournalDamaged);
      expect(error.message, name).to.include(name.includes(" ") ? name : "damaged");
    }
    let found = 0;
    for (let at = 100; at < whole.length; at += 997) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 1;
      writeFileSync(path, flipped);
      const opened = await open({ verify: "all" }).catch((error: unknown) => error);
      if (opened instanceof errors.JournalDamaged) found++;
      else expect(opened, `flipped at ${at}`).to.have.property("digest");
      if (!(opened instanceof Error)) (opened as { close(): void }).close();
    }
    expect(found, "bits that matter").to.be.above(5);
  });

  it("refuses another format by its number", async () => {
    await written(5);
    const db = new DatabaseSync(path);
    const { bytes } = db.prepare("SELECT bytes FROM header").get() as { bytes: Uint8Array };
    const { keccak256, concatBytes } = await import("@yellowstone-compute/sdk/crypto");
    const body = bytes.slice(0, -32);
    // Length byte, length, magic, then the format.
    body[2 + (body[1] as number)] = 2;
    db.prepare("UPDATE header SET bytes = ?").run(concatBytes(body, keccak256(body)));
    db.close();
    expect((await refused(errors.JournalVersionUnknown)).data).to.deep.equal({ expected: 1, actual: 2 });
  });

  it("refuses an input for which there is no room, changes nothing, and goes on when there is", async () => {
    const router = await open({}, { maxBytes: 98_304, durability: "process" });
    await router.postBid(await bid(0, 1n, { capacity: 1_000 }), owner.address, NOON_MS);
    let [taken, digest] = [0, ""];
    let full: unknown;
    while (full === undefined && taken < 1_000) {
      digest = router.digest();
      full = await router.admit(await rfc(`user ${taken}`), rich).then(
        () => void taken++,
        (error: unknown) => error,
      );
    }
    expect(full).to.be.instanceOf(errors.JournalFull);
    expect(taken).to.be.above(50);
    expect(router.digest(), "the state is as it was").to.equal(digest);
    expect(router.figures().matched).to.equal(taken);
    expect(() => router.expire(NOON_MS)).to.throw(errors.JournalFull);
    expect(() => router.close()).to.throw(errors.JournalFull);
    const roomy = await open({ retainSeconds: 0n });
    expect(roomy.digest()).to.equal(digest);
    expect((await roomy.admit(await rfc("late"), rich)).status).to.equal("matched");
    roomy.close();
    const compacted = await open();
    expect(compacted.journal().replayed).to.equal(0);
    compacted.close();
  });

  it("stops at an error of the disk, and continues from what is durable", async () => {
    await written(5);
    const limited = runWith("ulimit -f 96 2>/dev/null;", "fill");
    expect(limited.stdout).to.match(/^JournalFailed JournalHalted/);
    const acknowledged = Number(/acknowledged (\d+)/.exec(limited.stdout)?.[1]);
    const router = await open({ verify: "all" });
    expect(router.figures().matched + router.figures().waiting).to.be.at.least(acknowledged);
    router.close();
  });

  it("refuses a file that it may not write, before it is asked to", async () => {
    await written(5);
    const before = readFileSync(path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    try {
      expect(runWith("", "open").stdout).to.match(/^JournalReadOnly/);
    } finally {
      chmodSync(folder, 0o755);
    }
    expect(readFileSync(path).equals(before)).to.equal(true);
    path = join(folder, "no such folder", "journal.db");
    await open().then(
      () => expect.fail("opened"),
      (error: unknown) => expect(error).to.be.instanceOf(errors.YellowstoneError),
    );
  });

  it("leaves nothing behind when it cannot be begun", async () => {
    const error: unknown = await open({ set: { threshold: 1, routers: [] } }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(errors.YellowstoneError);
    expect(existsSync(path)).to.equal(false);
    for (const settings of [{ group: -1 }, { snapshotEvery: 0 }, { retainSeconds: -1n }]) {
      const refusal: unknown = await open(settings).catch((reason: unknown) => reason);
      expect(refusal).to.be.instanceOf(errors.InvalidJournalSetting);
    }
    await openSqliteStorage(path, { maxBytes: 1 }).then(
      () => expect.fail("opened"),
      (reason: unknown) => expect(reason).to.be.instanceOf(errors.InvalidJournalSetting),
    );
  });

  it("counts under new settings from now on, and keeps what was decided under the old ones", async () => {
    const digest = await written();
    const router = await open({ policy: policyOf({ reportSeconds: 77n, priceRange: { minWei: 1n } }) });
    expect(router.digest()).to.equal(digest);
    const admitted = await router.admit(await rfc("ann"), rich);
    if (admitted.status === "matched") {
      const { matchedAtMs, reportDeadlineAt } = admitted.match.value;
      expect(reportDeadlineAt - matchedAtMs / 1_000n).to.equal(77n);
    }
    const after = router.digest();
    router.close();
    const same = await open({ policy: policyOf({ reportSeconds: 77n, priceRange: { minWei: 1n } }) });
    expect(same.digest()).to.equal(after);
    same.close();
  });

  /** Run `scarce.ts` as an account without privileges, under a limit of the shell. */
  function runWith(limit: string, what: string): { stdout: string } {
    const loader = join(ROOT, "node_modules", "tsx", "dist", "loader.mjs");
    const script = join(import.meta.dirname, "scarce.ts");
    const command = `${limit} exec "${process.execPath}" --import "file://${loader}" "${script}" "${path}" ${what}`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(stderr).to.equal("");
    return { stdout };
  }
});
