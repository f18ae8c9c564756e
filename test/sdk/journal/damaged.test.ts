import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { concatBytes } from "@yellowstone-compute/sdk/crypto";
import * as errors from "@yellowstone-compute/sdk/errors";
import { createMemoryStorage, openSqliteStorage, type JournalStorage } from "@yellowstone-compute/sdk/journal";
import { createQualityGate } from "@yellowstone-compute/sdk/quality";
import { createRouterState } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, address, unixMillis, type ModelId } from "@yellowstone-compute/sdk/units";
import { ByteReader, ByteWriter } from "../../../sdk/dist/journal/bytes.js";
import { requireHeader, seal } from "../../../sdk/dist/journal/header.js";
import { readInput, writeInput } from "../../../sdk/dist/journal/inputCodec.js";
import { Journal } from "../../../sdk/dist/journal/journal.js";
import { readTransitionSettings } from "../../../sdk/dist/journal/settings.js";
import { readState, writeState } from "../../../sdk/dist/journal/stateCodec.js";
import { EMISSION_START, domain, policyOf } from "../router/world.js";

const account = address(`0x${"11".repeat(20)}`);
const identity = { chainId: 1n, contract: account, router: account, emissionStart: 0n };
const content = { settings: "{}", state: new Uint8Array(3) };
const batch = { first: 0, count: 1, atMs: 1n, bytes: new Uint8Array(1), digest: new Uint8Array(32) };
const policy = policyOf();

describe("journal, its parts", () => {
  it("a storage in memory is its last writer's, and empty before the first", () => {
    const first = createMemoryStorage();
    expect(first.size()).to.equal(0);
    const second = first.reopen();
    expect(() => first.append(batch)).to.throw(errors.JournalLocked);
    second.append(batch);
    first.close();
    expect([...second.read(0)], "who is no longer its writer closes nothing").to.have.length(1);
    second.close();
    expect(() => second.append(batch)).to.throw(errors.JournalLocked);
  });

  it("a file that is not there has no size, and takes nothing once it was closed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "yellowstone-journal-"));
    try {
      const storage = await openSqliteStorage(join(folder, "journal.db"));
      expect([storage.size(), storage.header()]).to.deep.equal([0, undefined]);
      storage.begin(new Uint8Array(3), new Uint8Array(3));
      expect(storage.size()).to.be.above(0);
      storage.close();
      expect(() => storage.append(batch)).to.throw(errors.JournalLocked);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("refuses the header of another file, settings that are none, and a journal without a snapshot", () => {
    const out = new ByteWriter();
    out.text("another file");
    expect(() => requireHeader(seal(out.take()), identity)).to.throw(errors.JournalDamaged, /not a journal/);
    expect(() => readTransitionSettings("{", 4)).to.throw(errors.JournalDamaged, /settings cannot be read/);
    const storage = createMemoryStorage();
    Journal.begin(storage, identity, content);
    const bare = { header: () => storage.header(), snapshot: () => undefined } as unknown as JournalStorage;
    expect(() => Journal.open(bare, identity)).to.throw(errors.JournalDamaged, /no snapshot/);
  });

  it("verifies batches that are kept as evidence: none is missing, none is another, the last is the present", () => {
    const storage = createMemoryStorage();
    const journal = Journal.begin(storage, identity, content);
    journal.verify();
    for (let at = 0; at < 3; at++) journal.append(Uint8Array.of(at), 1, 1n);
    journal.verify();
    const all = [...storage.read(0)];
    const withBatches = (batches: typeof all): Journal => {
      let isOpening = true;
      const other: JournalStorage = {
        header: () => storage.header(),
        snapshot: () => storage.snapshot(),
        read: () => (isOpening ? all : batches),
      } as unknown as JournalStorage;
      const { journal: opened } = Journal.open(other, identity)!;
      expect([...opened.readOn()]).to.have.length(3);
      isOpening = false;
      return opened;
    };
    withBatches(all.slice(1)).verify();
    const forged = all.map((one, i) => (i === 1 ? { ...one, bytes: Uint8Array.of(9) } : one));
    for (const [batches, reason] of [
      [[all[0]!, all[2]!], /goes on at input 2/],
      [forged, /does not match its digest/],
      [all.slice(0, 2), /does not lead to input 3/],
    ] as const) {
      expect(() => withBatches([...batches]).verify()).to.throw(errors.JournalDamaged, reason);
    }
  });

  it("reads a match that lapsed, and refuses an input of no kind", () => {
    const out = new ByteWriter();
    const lapsed = { kind: "lapsed", atMs: unixMillis(5n), matchHash: ZERO_HASH } as const;
    writeInput(out, lapsed);
    expect(readInput(new ByteReader(out.take(), 0), domain)).to.deep.equal(lapsed);
    const unknown = new ByteReader(Uint8Array.of(99), 7);
    expect(() => readInput(unknown, domain)).to.throw(errors.JournalDamaged, /no kind of input has the code 99/);
  });

  it("keeps samples with and without a user, and refuses a state that goes on behind its end", () => {
    const state = createRouterState(policy, EMISSION_START);
    const samples = [
      { nsPerT: 7n, user: "0xa" },
      { nsPerT: 9n, user: undefined },
    ];
    state.gates.set(ZERO_HASH as string as ModelId, createQualityGate({ ...policy.gate, samples }));
    const bytes = writeState(state);
    const read = readState(bytes, policy, 0);
    expect(writeState(read)).to.deep.equal(bytes);
    const [gate] = read.gates.values();
    expect(gate?.samples().map(({ nsPerT, user }) => [nsPerT, user])).to.deep.equal([
      [7n, "0xa"],
      [9n, undefined],
    ]);
    const longer = concatBytes(bytes, new Uint8Array(1));
    expect(() => readState(longer, policy, 3)).to.throw(errors.JournalDamaged, /followed by something else/);
  });
});
