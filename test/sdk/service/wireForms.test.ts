import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ArchiveInvalid, InvalidField } from "@yellowstone-compute/sdk/errors";
import { signMessage } from "@yellowstone-compute/sdk/messages";
import type { Equivocation } from "@yellowstone-compute/sdk/quorum";
import { ZERO_HASH, providerId, uMor, wei } from "@yellowstone-compute/sdk/units";
import { parseProposal, serializeProposal } from "../../../sdk/dist/quorum/proposal.js";
import { Archive } from "../../../sdk/dist/service/archive/archive.js";
import { parseAttestationPost, serializeAttestationPost } from "../../../sdk/dist/service/attestationJson.js";
import { parseRefusal, serializeRefusal } from "../../../sdk/dist/service/refusalJson.js";
import { domain, keyOf } from "../router/world.js";
import { attestationOf } from "./sample.js";

const key = keyOf("router");
const attestation = attestationOf();
/** What is left of a value that was sent as text. */
const sent = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

describe("service: what routers send each other", () => {
  it("a refusal comes back as it was, cut to what may be sent", () => {
    const refusal = { status: "refused", seq: 7n, findings: [{ where: "block 3", what: "paid twice" }] } as const;
    expect(parseRefusal(sent(serializeRefusal(refusal)))).to.deep.equal(refusal);
    const long = { ...refusal, findings: [{ where: "w".repeat(3_000), what: "x" }] };
    expect(parseRefusal(sent(serializeRefusal(long))).findings[0]?.where).to.have.length(2_000);
  });

  for (const [what, change, path] of [
    ["says something else", { status: "accepted" }, /refusal\.status/],
    ["gives no reason", { findings: [] }, /refusal\.findings/],
    ["gives a reason without words", { findings: [{ where: "a", what: 1 }] }, /refusal\.findings\[0\]\.what/],
    ["gives a reason beyond measure", { findings: [{ where: "a".repeat(2_001), what: "b" }] }, /\[0\]\.where/],
    ["names no attestation", { seq: "first" }, /refusal\.seq/],
  ] as const) {
    it(`a refusal that ${what} is none`, () => {
      const json = { status: "refused", seq: "7", findings: [{ where: "a", what: "b" }], ...change };
      expect(() => parseRefusal(json)).to.throw(InvalidField, path);
    });
  }

  it("an attestation with its quorum comes back, whichever form its parts had", () => {
    const post = { attestation, deltas: Uint8Array.of(1, 2), witness: "0x03" as const, quorum: Uint8Array.of(4) };
    const read = parseAttestationPost(sent(serializeAttestationPost(post)));
    expect(read).to.deep.equal({
      attestation,
      deltas: Uint8Array.of(1, 2),
      witness: Uint8Array.of(3),
      debits: new Uint8Array(),
      quorum: Uint8Array.of(4),
    });
    const json = sent(serializeAttestationPost(post));
    for (const part of [5, "0x1", `0x${"00".repeat(131_073)}`]) {
      expect(() => parseAttestationPost({ ...json, witness: part })).to.throw(InvalidField, /post\.witness/);
    }
  });

  it("a proposal comes back with its debits, and one with a wrong field is none", () => {
    const through = { router: key.address, height: 4n, hash: ZERO_HASH };
    const debit = { providerId: providerId(3), amountUMor: uMor(9n), reasonHash: ZERO_HASH };
    const proposal = { attestation, through: [through], paidCount: 2, debits: [debit] };
    const json = sent(serializeProposal(proposal));
    expect(parseProposal(json)).to.deep.equal(proposal);
    for (const [change, path] of [
      [{ paidCount: -1 }, /proposal\.paidCount/],
      [{ paidCount: "2" }, /proposal\.paidCount/],
      [{ through: [{ ...through, height: "4", router: "0x12" }] }, /through\[0\]\.router/],
      [{ through: [{ ...through, height: 4 }] }, /through\[0\]\.height/],
      [{ debits: [{ providerId: "3", amountUMor: "9", reasonHash: "0x" }] }, /debits\[0\]\.reasonHash/],
      [{ debits: [{ providerId: "x", amountUMor: "9", reasonHash: ZERO_HASH }] }, /debits\[0\]\.providerId/],
      [{ debits: {} }, /proposal\.debits/],
    ] as const) {
      expect(() => parseProposal({ ...json, ...change })).to.throw(InvalidField, path);
    }
  });
});

describe("service: archive", () => {
  let folder: string;
  let path: string;
  const identity = { chainId: 31_337n, contract: key.address, router: key.address, emissionStart: 5n };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "archive-"));
    path = join(folder, "router.archive");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps evidence of equivocation over a restart, of either kind", async () => {
    const block = (creditWei: bigint) =>
      signMessage(
        key,
        "InferenceBlock",
        {
          router: key.address,
          height: 5n,
          previousHash: ZERO_HASH,
          reportsRoot: ZERO_HASH,
          reportCount: 0n,
          creditWei: wei(creditWei),
        },
        domain,
      );
    const signed = (credited: bigint) =>
      signMessage(key, "Attestation", { ...attestation, credited: uMor(credited) }, domain);
    const evidence: Equivocation[] = [
      { kind: "InferenceBlock", first: await block(0n), second: await block(1n) },
      { kind: "Attestation", first: await signed(1n), second: await signed(2n) },
    ];
    const first = await Archive.open(path, identity);
    for (const each of evidence) await first.equivocations.add(each);
    first.close();
    const again = await Archive.open(path, identity);
    expect(await again.equivocations.all()).to.deep.equal(evidence);
    again.close();
  });

  it("forgets what a vetoed attestation paid, and notes the veto in order", async () => {
    const archive = await Archive.open(path, identity);
    archive.vetoed(3n);
    archive.vetoed(9n);
    expect([...archive.actsAfter(0)]).to.deep.equal([
      { id: 1, kind: "vetoed", seq: 3n },
      { id: 2, kind: "vetoed", seq: 9n },
    ]);
    expect([...archive.actsAfter(1)]).to.deep.equal([{ id: 2, kind: "vetoed", seq: 9n }]);
    expect(archive.lastAct()).to.equal(2);
    archive.close();
  });

  it("is nobody else's", async () => {
    (await Archive.open(path, identity)).close();
    const other = await Archive.open(path, { ...identity, chainId: 1n }).catch((reason: unknown) => reason);
    expect(other).to.be.instanceOf(ArchiveInvalid);
    (await Archive.open(path, identity)).close();
  });
});
