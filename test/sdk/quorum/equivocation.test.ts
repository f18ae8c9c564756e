import { expect } from "chai";
import { ChainRequestFailed, EvidenceInvalid, SignerMismatch } from "@yellowstone-compute/sdk/errors";
import {
  createDomain,
  signMessage,
  type Attestation,
  type Erc1271Reader,
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
import { attestationOf } from "../service/sample.js";

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
  signMessage(key, "Attestation", { ...attestationOf(), ...change }, domain);

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
    expect(found.map(({ kind }) => kind)).to.deep.equal(["InferenceBlock", "Attestation", "Attestation"]);
    for (const evidence of found) expect(await verifyEvidence(evidence, rules)).to.equal(key.address);
    expect(found[1]).to.include({ first: messages[5], second: messages[6] });
    expect(found[2], "signed anew in time, then once more").to.include({ first: messages[6], second: messages[7] });
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
    await refused({ kind: "Attestation", first: seqs[1], second: seqs[0] }, EvidenceInvalid);
  });

  it("is not hidden by what nobody signed, in front or between", async () => {
    const [first, second] = [await block(), await block({ creditWei: wei(1n) })];
    const forged = [first, second].map((one) => ({ ...one, signature: "0x12" as const }));
    const messages = [...forged, first, ...forged, second, ...forged];
    expect(await findEquivocation(messages, rules)).to.deep.equal([{ kind: "InferenceBlock", first, second }]);
    const watch = createEquivocationWatch(memoryEvidence(), rules);
    const seen = [];
    for (const message of messages) seen.push(await watch.see(message));
    expect(seen.filter((one) => one !== undefined)).to.deep.equal([{ kind: "InferenceBlock", first, second }]);
  });

  it("is seen against any earlier message, not the first alone", async () => {
    const [first, anew, third] = [
      await attestation(),
      await attestation({ credited: uMor(2n), deadline: unixSeconds(13_601) }),
      await attestation({ credited: uMor(3n), deadline: unixSeconds(13_700) }),
    ];
    const watch = createEquivocationWatch(memoryEvidence(), rules);
    expect([await watch.see(first), await watch.see(anew)], "signed anew in time").to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(await watch.see(third)).to.deep.equal({ kind: "Attestation", first: anew, second: third });
  });

  it("of a contract is found once the contract can be asked again", async () => {
    const lost = new ChainRequestFailed("connection refused", "now");
    let isLost = true;
    const reader: Erc1271Reader = () => (isLost ? Promise.reject(lost) : Promise.resolve(true));
    const watch = createEquivocationWatch(memoryEvidence(), { ...rules, reader });
    const [first, second] = [await block({}, other), await block({ creditWei: wei(1n) }, other)].map((one) => {
      return { ...one, signer: key.address, value: { ...one.value, router: key.address } };
    });
    expect(await watch.see(first!)).to.equal(undefined);
    isLost = false;
    expect(await watch.see(second!)).to.deep.equal({ kind: "InferenceBlock", first, second });
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
    const twice = memoryEvidence();
    const busy = createEquivocationWatch(twice, rules);
    await busy.see(first);
    const [one, other] = await Promise.all([second, third].map((message) => busy.see(message)));
    expect(one).to.equal(other).and.not.equal(undefined);
    expect(await twice.all(), "two at once").to.have.length(1);
    watch.forgetBefore(5n, 1n);
    expect(await watch.see(second), "nothing is that old").to.equal(evidence);
    watch.forgetBefore(6n, 2n);
    expect(await watch.see(second), "its height is forgotten").to.equal(undefined);
    expect(await store.all(), "evidence is not").to.have.length(1);
  });
});
