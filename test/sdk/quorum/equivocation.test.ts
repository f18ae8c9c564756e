import { expect } from "chai";
import { EvidenceInvalid, SignerMismatch } from "@yellowstone-compute/sdk/errors";
import {
  createDomain,
  signMessage,
  type Attestation,
  type InferenceBlock,
  type Signed,
} from "@yellowstone-compute/sdk/messages";
import {
  createEquivocationWatch,
  findEquivocation,
  memoryEvidence,
  verifyEvidence,
  type Equivocation,
} from "@yellowstone-compute/sdk/quorum";
import { ZERO_HASH, uMor, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { domain, keyOf } from "../router/world.js";

const key = keyOf("router");
const other = keyOf("other router");
const rules = { domain, attestationSeconds: 3_600n };

const block = (change: Partial<InferenceBlock> = {}, signer = key): Promise<Signed<"InferenceBlock">> =>
  signMessage(
    signer,
    "InferenceBlock",
    {
      router: signer.address,
      height: 5n,
      previousHash: ZERO_HASH,
      reportsRoot: ZERO_HASH,
      reportCount: 0n,
      creditWei: wei(0n),
      ...change,
    },
    domain,
  );
const attestation = (change: Partial<Attestation> = {}): Promise<Signed<"Attestation">> =>
  signMessage(
    key,
    "Attestation",
    {
      seq: 1n,
      previousRoot: ZERO_HASH,
      newRoot: ZERO_HASH,
      credited: uMor(1n),
      debitsHash: ZERO_HASH,
      firstBlock: 1n,
      lastBlock: 2n,
      reportsRoot: ZERO_HASH,
      routerSet: ZERO_HASH,
      deadline: unixSeconds(10_000),
      ...change,
    },
    domain,
  );

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((reason: unknown) => reason);

describe("equivocation", () => {
  it("is two blocks of a height, or two attestations of a seq that could both be posted", async () => {
    const messages = [
      await block(),
      await block({ creditWei: wei(1n) }),
      await block({ height: 6n }),
      await block({}, other),
      await block(),
      await attestation(),
      await attestation({ credited: uMor(2n), deadline: unixSeconds(13_600) }),
      await attestation({ credited: uMor(3n), deadline: unixSeconds(13_601) }),
      await attestation({ seq: 2n }),
    ];
    const found = await findEquivocation(messages, rules);
    expect(found.map(({ kind }) => kind)).to.deep.equal(["InferenceBlock", "Attestation"]);
    for (const evidence of found) expect(await verifyEvidence(evidence, rules)).to.equal(key.address);
    expect(found[1]?.second).to.equal(messages[6]);
    const received = JSON.parse(
      JSON.stringify(found[0], (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v)),
    ) as unknown;
    expect(received).to.have.nested.property("second.value.creditWei", "1");
  });

  it("cannot be made up", async () => {
    const [first, second] = [await block(), await block({ creditWei: wei(1n) })];
    const refused = async (evidence: Equivocation, expected: new (...args: never[]) => Error) =>
      expect(await failure(verifyEvidence(evidence, rules))).to.be.instanceOf(expected);
    const kind = "InferenceBlock";
    await refused({ kind, first, second: first }, EvidenceInvalid);
    await refused({ kind, first, second: await block({ height: 6n }) }, EvidenceInvalid);
    await refused({ kind, first, second: await block({}, other) }, EvidenceInvalid);
    await refused({ kind: "Attestation", first, second } as unknown as Equivocation, EvidenceInvalid);
    await refused({ kind, first, second: { ...second, signature: first.signature } }, SignerMismatch);
    const forged = await signMessage(other, kind, { ...second.value, router: key.address }, domain);
    await refused({ kind, first, second: { ...forged, signer: key.address } }, SignerMismatch);
    const elsewhere = { ...rules, domain: createDomain(1, domain.verifyingContract) };
    expect(await failure(verifyEvidence({ kind, first, second }, elsewhere))).to.be.instanceOf(SignerMismatch);
    expect(await findEquivocation([first, { ...second, signature: first.signature }], rules)).to.deep.equal([]);
    const seqs = [
      await attestation(),
      await attestation({ credited: uMor(3n), deadline: unixSeconds(13_601) }),
    ] as const;
    await refused({ kind: "Attestation", first: seqs[0], second: seqs[1] }, EvidenceInvalid);
  });

  it("is kept once for a place, and its author is named", async () => {
    const store = memoryEvidence();
    const watch = createEquivocationWatch(store, rules);
    const [first, second, third] = [
      await block(),
      await block({ creditWei: wei(1n) }),
      await block({ creditWei: wei(2n) }),
    ];
    expect(await watch.see(first)).to.equal(undefined);
    expect(await watch.see(first)).to.equal(undefined);
    const evidence = await watch.see(second);
    expect(evidence).to.deep.equal({ kind: "InferenceBlock", first, second });
    expect(await watch.see(third)).to.equal(evidence);
    expect(await watch.see(await attestation())).to.equal(undefined);
    expect(await store.all()).to.have.length(1);
    expect(await watch.equivocators()).to.deep.equal([key.address]);
    watch.forgetBefore(6n, 2n);
    expect(await watch.see(second), "its height is forgotten").to.equal(undefined);
    expect(await store.all(), "evidence is not").to.have.length(1);
  });
});
