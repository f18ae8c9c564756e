import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, concatBytes, hexToBytes } from "@yellowstone-compute/sdk/crypto";
import type { Curve } from "../../../sdk/dist/crypto/curve.js";
import { curve as node } from "../../../sdk/dist/crypto/curveNode.js";
import { curve as portable } from "../../../sdk/dist/crypto/curvePortable.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const word = (value: bigint): Uint8Array => hexToBytes(`0x${value.toString(16).padStart(64, "0")}`);
const anyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyKey = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(word);

/** What a curve gives, as text: nothing and a throw are the same, since the caller refuses both alike. */
function answerOf(ask: () => Uint8Array | undefined): string {
  try {
    const bytes = ask();
    return bytes === undefined ? "none" : bytesToHex(bytes);
  } catch {
    return "none";
  }
}

/** Asserts that both curves give the same, and gives it. */
function same(what: string, ask: (curve: Curve) => Uint8Array | undefined): string {
  const answer = answerOf(() => ask(node));
  expect(
    answerOf(() => ask(portable)),
    what,
  ).to.equal(answer);
  return answer;
}

describe("crypto: the curve for Node and the one for browsers", () => {
  it("give the same keys, signatures and signers", () => {
    const property = fc.property(anyKey, anyBytes, (key, digest) => {
      const publicKey = same("public key", (curve) => curve.publicKeyOf(key));
      const signature = node.sign(digest, key);
      expect(portable.sign(digest, key)).to.deep.equal(signature);
      const { rs, recoveryId } = signature ?? expect.fail("not signed");
      const recovered = same("recovered", (curve) => curve.recover(digest, rs, recoveryId as 0 | 1));
      expect(recovered).to.equal(publicKey);
      same("the other point", (curve) => curve.recover(digest, rs, recoveryId === 0 ? 1 : 0));
    });
    fc.assert(property, { numRuns: 40 });
  });

  it("refuse the same scalars as keys", () => {
    const digest = word(7n);
    for (const scalar of [0n, ORDER, ORDER + 1n, 2n ** 256n - 1n]) {
      expect(same(`key ${scalar}`, (curve) => curve.publicKeyOf(word(scalar)))).to.equal("none");
      expect(same(`key ${scalar}`, (curve) => curve.sign(digest, word(scalar))?.rs)).to.equal("none");
    }
    expect(same("1", (curve) => curve.publicKeyOf(word(1n)))).to.match(/^0x0479be667e/);
    same("the last key", (curve) => curve.publicKeyOf(word(ORDER - 1n)));
  });

  it("recover, or refuse, the same r and s at every edge, and at random", () => {
    const edges = [0n, 1n, 2n, 3n, FIELD - ORDER - 1n, FIELD - ORDER, ORDER - 1n, ORDER, FIELD, 2n ** 256n - 1n];
    const seen = new Set<string>();
    for (const digest of [word(0n), word(ORDER), word(2n ** 256n - 1n)]) {
      for (const r of edges) {
        for (const s of [1n, ORDER / 2n, 0n]) {
          for (const bit of [0, 1] as const) {
            const rs = concatBytes(word(r), word(s));
            seen.add(same(`r ${r}, s ${s}, ${bit}`, (curve) => curve.recover(digest, rs, bit)));
          }
        }
      }
    }
    expect(seen.has("none") && seen.size > 2, "some recover, some do not").to.equal(true);
    const property = fc.property(anyBytes, anyBytes, fc.bigInt({ min: 0n, max: ORDER / 2n }), (digest, r, s) => {
      same("random", (curve) => curve.recover(digest, concatBytes(r, word(s)), 0));
    });
    fc.assert(property, { numRuns: 60 });
  });
});
