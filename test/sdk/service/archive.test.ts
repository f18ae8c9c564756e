import { DatabaseSync } from "node:sqlite";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import { parseEvidence } from "@yellowstone-compute/sdk/quorum";
import type { RouterConfig } from "@yellowstone-compute/sdk/service";
import { ZERO_HASH } from "@yellowstone-compute/sdk/units";
import { Archive } from "../../../sdk/dist/service/archive/archive.js";
import { ROUTERS } from "../../scenarios/threeRouters/world.js";
import { ROOT } from "../../utils/script.js";
import { BLOCK_MS, Company, Ground, Member, postBids, refusalOf } from "./world.js";

const [name = ""] = ROUTERS;

describe("service: archive of a router", function () {
  this.timeout(30_000);
  let ground: Ground;
  let company: Company;
  let config: RouterConfig;
  let member: Member;

  before(async () => (ground = await Ground.lay()));
  after(() => ground.clear());
  beforeEach(async () => {
    company = new Company();
    config = ground.config();
    member = await Member.join(name, ground, company, config);
    await postBids([member]);
    // A block each.
    for (const nth of [0, 1]) {
      await member.serve(nth);
      company.atMs += BLOCK_MS;
    }
    await member.publish();
  });
  afterEach(() => member.crash());

  /** Do something to a file while nobody has it open. */
  function tamper(sql: string, path = config.archive.path): void {
    const db = new DatabaseSync(path);
    expect(db.prepare(sql).run().changes, sql).to.be.greaterThan(0);
    db.close();
  }
  const reopen = async (): Promise<Member> => (member = await Member.join(name, ground, company, config));

  it("shows as much evidence as an answer may hold, and at least one block", () => {
    const { archive, self } = member.core;
    const all = archive.evidenceFrom(self, 0n, 64, 1 << 20);
    expect(all.map((json) => parseEvidence(json).block.value.reportCount)).to.deep.equal([1n, 1n]);
    expect(archive.evidenceFrom(self, 0n, 64, 1)).to.deep.equal(all.slice(0, 1));
    expect(archive.evidenceFrom(self, 0n, 1, 1 << 20)).to.deep.equal(all.slice(0, 1));
    const height = parseEvidence(all[1]).block.value.height;
    expect(archive.evidenceFrom(self, height, 64, 1)).to.deep.equal(all.slice(1));
  });

  for (const [what, sql, reason] of [
    ["whose block was changed", "UPDATE block SET head = replace(head, '0x', '0X')", /a block was changed/],
    ["whose steps were changed", "UPDATE block SET steps = x'00'", /a block was changed/],
    ["without a block it noted", "DELETE FROM block", /block \d+ of 0x\w+ is missing/],
    ["without the evidence of its journal", "DELETE FROM state", /does not hold the evidence of this journal/],
    ["whose state was changed", "UPDATE state SET bytes = x'00'", /its recorder was changed/],
    ["whose state is another's", "UPDATE state SET sum = x'00'", /its recorder was changed/],
  ] as const) {
    it(`is refused ${what}, and its files are let go`, async () => {
      member.crash();
      tamper(sql);
      const refused = await refusalOf(ground.open(name, config));
      expect(refused).to.be.instanceOf(errors.ArchiveInvalid);
      expect((refused as Error).message).to.match(reason);
      tamper("UPDATE identity SET text = text");
      tamper("UPDATE header SET bytes = bytes", config.journal.path);
    });
  }

  it("is refused when its tables are another program's", async () => {
    member.crash();
    const db = new DatabaseSync(config.archive.path);
    db.exec("DROP TABLE identity; CREATE TABLE identity (name TEXT)");
    db.close();
    expect(await refusalOf(ground.open(name, config))).to.be.instanceOf(errors.JournalDamaged);
  });

  it("is refused when it lost what an accepted attestation paid", async () => {
    company.atMs += BLOCK_MS;
    await ground.pass(3n * BLOCK_MS);
    const view = await member.view();
    const { proposal } = member.core.node.proposer.propose(view) ?? expect.fail("nothing to propose");
    await member.core.node.accepted(proposal);
    member.crash();
    await reopen();
    expect(member.core.node.acceptedSeq).to.equal(1n);
    member.crash();
    tamper("DELETE FROM proposal");
    expect(await refusalOf(ground.open(name, config))).to.be.instanceOf(errors.DraftStale);
  });

  it("goes on behind an act that failed, and does all of a change or nothing", async () => {
    const { archive, self, node } = member.core;
    const acts = archive.lastAct();
    const [evidence = expect.fail("no block")] = archive
      .evidenceFrom(self, 0n, 1, 1)
      .map((json) => parseEvidence(json));
    const { hash } = archive.blockAt(self, 0n) ?? expect.fail("no block");
    const reports = [{ reportHash: ZERO_HASH, providerId: 0n, creditWei: 1n } as never];
    expect(() => archive.addBlock(evidence, { hash, reports }, 0n)).to.throw(errors.JournalFailed, /UNIQUE/);
    expect([archive.lastAct(), archive.placeOf(ZERO_HASH)]).to.deep.equal([acts, undefined]);
    expect(await refusalOf(node.vetoed(7n))).to.be.instanceOf(errors.VetoUnknown);
    await node.save(0n);
    expect(archive.states.load("quorum")?.tag).to.equal(String(acts));
  });

  it("cannot be opened where no file can be, nor on a Node without SQLite", async () => {
    const identity = { chainId: 1n, contract: member.core.self, router: member.core.self, emissionStart: 0n };
    const folder = ground.path("folder");
    mkdirSync(folder);
    expect(await refusalOf(Archive.open(folder, identity))).to.be.instanceOf(errors.JournalReadOnly);
    const fresh = await Archive.open(ground.path("archive"), identity);
    expect([fresh.lastAct(), [...fresh.actsAfter(0)]]).to.deep.equal([0, []]);
    fresh.close();
    const code = `import { Archive } from "./sdk/dist/service/archive/archive.js";
      await Archive.open("never.db", {}).catch((error) => console.log(JSON.stringify(error)));`;
    const args = ["--no-experimental-sqlite", "--input-type=module", "--eval", code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).to.equal("");
    expect(JSON.parse(stdout)).to.include({ code: "JournalUnsupported", retry: "no" });
  });
});
