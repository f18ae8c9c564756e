import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, concatBytes, hexToBytes } from "@yellowstone-compute/sdk/crypto";
import type { Curve } from "../../../sdk/dist/crypto/curve.js";
import { nativeCurve } from "../../../sdk/dist/crypto/curveNative.js";
import { curve as portable } from "../../../sdk/dist/crypto/curvePortable.js";
import { curve as wasm } from "../../../sdk/dist/crypto/curveWasm.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const GENERATOR_X = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
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

/** Platforms of which the optional package carries the addon: there it must work. */
const CARRIED = ["linux-x64", "darwin-arm64", "win32-x64"];
const native = await nativeCurve();
const forNode = [wasm, ...(native === undefined ? [] : [native])];
const curves = [...forNode, portable];

/** Asserts that the curves, all of them unless told which, give the same, and gives it. */
function same(what: string, ask: (curve: Curve) => Uint8Array | undefined, of: readonly Curve[] = curves): string {
  const answers = of.map((curve) => answerOf(() => ask(curve)));
  answers.forEach((answer, i) => expect(answer, `${what}: ${of[i]?.library}`).to.equal(answers[0]));
  return answers[0] ?? expect.fail("no curve");
}

/** Key, signature and both points of a digest. */
function sameOf(key: Uint8Array, digest: Uint8Array, of: readonly Curve[]): void {
  const publicKey = same("public key", (curve) => curve.publicKeyOf(key), of);
  const signed = of.map((curve) => curve.sign(digest, key) ?? expect.fail("not signed"));
  for (const other of signed) expect(other).to.deep.equal(signed[0]);
  const { rs, recoveryId } = signed[0] ?? expect.fail("no curve");
  expect(BigInt(bytesToHex(rs.subarray(32))) <= ORDER / 2n, "low s").to.equal(true);
  const recovered = same("recovered", (curve) => curve.recover(digest, rs, recoveryId as 0 | 1), of);
  expect(recovered).to.equal(publicKey);
  same("the other point", (curve) => curve.recover(digest, rs, recoveryId === 0 ? 1 : 0), of);
}

describe("crypto: the curve compiled for this machine, as WebAssembly, and the one for browsers", () => {
  it("the first is there where its package carries it", function () {
    if (!CARRIED.includes(`${process.platform}-${process.arch}`)) this.skip();
    expect(native?.library).to.equal("secp256k1");
  });

  it("give the same keys, signatures and signers", () => {
    fc.assert(
      fc.property(anyKey, anyBytes, (key, digest) => sameOf(key, digest, curves)),
      { numRuns: 40 },
    );
  });

  it("give the same over 1,000 messages, the two for Node", function () {
    if (native === undefined) this.skip();
    fc.assert(
      fc.property(anyKey, anyBytes, (key, digest) => sameOf(key, digest, forNode)),
      { numRuns: 1_000 },
    );
  });

  it("take parts of larger buffers, and Node's own buffers", () => {
    const whole = concatBytes(word(1n), word(ORDER - 1n), word(0n));
    const key = whole.subarray(0, 32);
    for (const at of [32, 64]) sameOf(key, whole.subarray(at, at + 32), curves);
    sameOf(Buffer.from(key), Buffer.from(word(5n)), curves);
  });

  it("sign and recover digests that are not below the order by their remainder", () => {
    for (const digest of [ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n]) {
      sameOf(word(1n), word(digest), curves);
      const { rs } = wasm.sign(word(digest % ORDER), word(1n)) ?? expect.fail("not signed");
      for (const curve of curves) expect(curve.sign(word(digest), word(1n))?.rs, curve.library).to.deep.equal(rs);
    }
  });

  it("refuse keys of another length", () => {
    for (const length of [0, 31, 33, 64]) {
      const key = new Uint8Array(length).fill(1);
      expect(same(`${length} bytes`, (curve) => curve.publicKeyOf(key))).to.equal("none");
      for (const curve of curves) expect(curve.sign(word(7n), key), curve.library).to.equal(undefined);
    }
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
    // R is G and s is the digest: s R - z G is no point.
    const nowhere = concatBytes(word(GENERATOR_X), word(5n));
    expect(same("infinity", (curve) => curve.recover(word(5n), nowhere, 0))).to.equal("none");
    expect(seen.has("none") && seen.size > 2, "some recover, some do not").to.equal(true);
    const anyS = fc.bigInt({ min: 0n, max: ORDER / 2n }).map(word);
    const random = (of: readonly Curve[], numRuns: number): void => {
      const property = fc.property(anyBytes, anyBytes, anyS, (digest, r, s) => {
        same("random", (curve) => curve.recover(digest, concatBytes(r, s), 0), of);
      });
      fc.assert(property, { numRuns });
    };
    random(curves, 60);
    random(
      curves.filter(({ library }) => library !== "ethers"),
      1_000,
    );
  });
});
