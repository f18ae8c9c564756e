import { expect } from "chai";
import fc from "fast-check";
import { MessageExpired, SignerMismatch, YellowstoneError } from "@yellowstone-compute/sdk/errors";
import {
  KINDS,
  createDomain,
  definitionOf,
  localSigner,
  signMessage,
  verifyMessage,
  type Kind,
  type MessageOf,
} from "@yellowstone-compute/sdk/messages";
import { unixSeconds } from "@yellowstone-compute/sdk/units";
import { anyDomain, valueOf, wordOf } from "./arbitraries.js";

const signer = localSigner(`0x${"0".repeat(63)}5`);
const thief = localSigner(`0x${"0".repeat(63)}6`);
const domain = createDomain(8453, "0x5FbDB2315678afecb367f032d93F642f64180aa3");
const LONG_AGO = unixSeconds(0);

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "accepted",
    (reason: unknown) => reason,
  );

/** Any value of a kind that names `signer` where it names its signer. */
function ownValueOf<K extends Kind>(kind: K): fc.Arbitrary<MessageOf<K>> {
  const field = definitionOf(kind).rules.signer;
  return valueOf(kind).map((value) => (field === undefined ? value : { ...value, [field]: signer.address }));
}

describe("messages: refused, whatever the kind and the values", () => {
  for (const kind of KINDS) {
    const { fields, rules } = definitionOf(kind);

    for (const { name, type } of fields) {
      it(`${kind}.${name}: changed after it was signed`, async () => {
        const property = fc.asyncProperty(ownValueOf(kind), wordOf[type], async (value, other) => {
          fc.pre((value[name as keyof MessageOf<Kind>] as unknown) !== other);
          const signed = await signMessage(signer, kind, value, domain);
          expect(await verifyMessage(signed, domain, LONG_AGO)).to.equal(signer.address);
          const changed = { ...signed, value: { ...value, [name]: other } };
          expect(await failure(verifyMessage(changed, domain, LONG_AGO))).to.be.instanceOf(YellowstoneError);
        });
        await fc.assert(property, { numRuns: 15 });
      });
    }

    it(`${kind}: on another chain, for another contract, of another signer, with another signature`, async () => {
      const byte = fc.nat(64);
      const property = fc.asyncProperty(ownValueOf(kind), anyDomain, byte, async (value, elsewhere, at) => {
        const signed = await signMessage(signer, kind, value, domain);
        const chain = createDomain(domain.chainId + 1n, domain.verifyingContract);
        const contract = createDomain(domain.chainId, elsewhere.verifyingContract);
        for (const foreign of [chain, contract, elsewhere]) {
          expect(await failure(verifyMessage(signed, foreign, LONG_AGO))).to.be.instanceOf(YellowstoneError);
        }
        const stolen = { ...signed, signer: thief.address };
        expect(await failure(verifyMessage(stolen, domain, LONG_AGO))).to.be.instanceOf(SignerMismatch);
        const digit = 2 + 2 * at;
        const flipped = (parseInt(signed.signature.slice(digit, digit + 2), 16) ^ 1).toString(16).padStart(2, "0");
        const signature = `${signed.signature.slice(0, digit)}${flipped}${signed.signature.slice(digit + 2)}` as const;
        const broken = { ...signed, signature: signature as typeof signed.signature };
        expect(await failure(verifyMessage(broken, domain, LONG_AGO))).to.be.instanceOf(YellowstoneError);
      });
      await fc.assert(property, { numRuns: 25 });
    });

    it(`${kind}: signed as another kind`, async () => {
      const property = fc.asyncProperty(ownValueOf(kind), fc.constantFrom(...KINDS), async (value, other) => {
        fc.pre(other !== kind);
        const signed = await signMessage(signer, kind, value, domain);
        const disguised = { ...signed, kind: other, value: { ...fc.sample(ownValueOf(other), 1)[0], ...value } };
        const answer = failure(verifyMessage(disguised as unknown as typeof signed, domain, LONG_AGO));
        expect(await answer).to.be.instanceOf(YellowstoneError);
      });
      await fc.assert(property, { numRuns: 15 });
    });

    const { deadline } = rules;
    if (deadline !== undefined) {
      it(`${kind}: after its last second`, async () => {
        const property = fc.asyncProperty(ownValueOf(kind), fc.bigInt(0n, 2n ** 40n), async (value, endAt) => {
          const signed = await signMessage(signer, kind, { ...value, [deadline]: endAt }, domain);
          expect(await verifyMessage(signed, domain, unixSeconds(endAt))).to.equal(signer.address);
          const late = verifyMessage(signed, domain, unixSeconds(endAt + 1n));
          expect(await failure(late)).to.be.instanceOf(MessageExpired);
        });
        await fc.assert(property, { numRuns: 10 });
      });
    }
  }

  it("what reaches a provider has the query key and no place for the user", () => {
    for (const kind of ["Match", "Query", "InferenceReport"] as const) {
      const addresses = definitionOf(kind).fields.filter(({ type }) => type === "address");
      const names = addresses.map(({ name }) => name);
      expect(names, kind).to.deep.equal(kind === "Match" ? ["queryKey", "router"] : []);
      expect(
        definitionOf(kind).fields.some(({ type }) => type === "string"),
        "nor free text",
      ).to.equal(false);
    }
  });
});
