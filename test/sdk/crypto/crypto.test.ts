import { expect } from "chai";
import * as ethers from "ethers";
import fc from "fast-check";
import {
  addressOfBytes,
  addressOfKey,
  bytesToHex,
  concatBytes,
  hashPair,
  hexToBytes,
  isHexBytes,
  keccak256,
  keccak256Hex,
  keccak256Text,
  parseAddress,
  recoverAddress,
  signDigest,
} from "@yellowstone-compute/sdk/crypto";
import {
  InvalidField,
  InvalidPrivateKey,
  InvalidSignature,
  SignatureLength,
  SignatureMalleable,
  SignatureRecoveryByte,
} from "@yellowstone-compute/sdk/errors";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const anyKey = fc.bigInt({ min: 1n, max: ORDER - 1n }).map((scalar) => hexToBytes(hex32(scalar)));

function hex32(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

describe("crypto: hex", () => {
  it("round-trips and equals ethers", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
      expect(bytesToHex(data)).to.equal(ethers.hexlify(data));
      expect(hexToBytes(bytesToHex(data).toUpperCase().replace("X", "x"))).to.deep.equal(data);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("refuses what is no hex", () => {
    for (const text of ["", "0", "0x0", "0xg0", "12", "0X12", "0x1 ", "0x1é", "x012"]) {
      expect(isHexBytes(text), text).to.equal(false);
      expect(() => hexToBytes(text), text).to.throw(InvalidField);
    }
    expect(isHexBytes("0x1234", 1)).to.equal(false);
    expect(isHexBytes(Buffer.alloc(2))).to.equal(false);
  });

  it("joins", () => {
    expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).to.deep.equal(Uint8Array.of(1, 2, 3));
  });
});

describe("crypto: keccak", () => {
  it("equals ethers at every length around a block of 136 bytes, and beyond the wasm's buffer of 16 KiB", () => {
    const lengths = [0, 1, 31, 32, 64, 135, 136, 137, 272, 16_383, 16_384, 16_385, 100_000];
    for (const length of lengths) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256);
      expect(keccak256Hex(data), String(length)).to.equal(ethers.keccak256(data));
      expect(bytesToHex(keccak256(data)), String(length)).to.equal(ethers.keccak256(data));
    }
  });

  it("gives fresh bytes and reads views", () => {
    const first = keccak256(Uint8Array.of(1));
    const kept = first.slice();
    keccak256(Uint8Array.of(2));
    expect(first).to.deep.equal(kept);
    expect(keccak256Hex(Uint8Array.of(9, 1, 9).subarray(1, 2))).to.equal(ethers.keccak256("0x01"));
    expect(keccak256Text("größe")).to.equal(ethers.id("größe"));
  });

  it("hashes pairs in order and refuses other lengths", () => {
    const property = fc.property(bytes(32), bytes(32), (a, b) => {
      expect(bytesToHex(hashPair(a, b))).to.equal(ethers.keccak256(ethers.concat([a, b])));
    });
    fc.assert(property, { numRuns: 100 });
    expect(() => hashPair(new Uint8Array(31), new Uint8Array(32))).to.throw(InvalidField);
    expect(() => hashPair(new Uint8Array(32), new Uint8Array(33))).to.throw(InvalidField);
  });
});

describe("crypto: addresses", () => {
  it("have the checksum of ethers", () => {
    const property = fc.property(bytes(20), (data) => {
      const checked = addressOfBytes(data);
      expect(checked).to.equal(ethers.getAddress(ethers.hexlify(data)));
      expect(parseAddress(checked.toLowerCase())).to.equal(checked);
      expect(parseAddress(checked)).to.equal(checked);
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe("crypto: signatures", () => {
  it("equal those of ethers and recover to the key's address", () => {
    const property = fc.property(anyKey, bytes(32), (key, digest) => {
      const signature = signDigest(digest, key);
      expect(bytesToHex(signature)).to.equal(new ethers.SigningKey(key).sign(digest).serialized);
      expect(addressOfKey(key)).to.equal(ethers.computeAddress(bytesToHex(key)));
      expect(recoverAddress(digest, signature)).to.equal(addressOfKey(key));
    });
    fc.assert(property, { numRuns: 60 });
  });

  it("refuse wrong lengths, v, high s and scalars that are none", () => {
    const digest = keccak256Text("digest");
    const make = (r: bigint, s: bigint, v: number) =>
      concatBytes(hexToBytes(hex32(r)), hexToBytes(hex32(s)), Uint8Array.of(v));
    const half = ORDER / 2n;
    const recoverFrom = (signature: Uint8Array) => () => recoverAddress(hexToBytes(digest), signature);
    for (const length of [0, 64, 66]) expect(recoverFrom(new Uint8Array(length))).to.throw(SignatureLength);
    for (const v of [0, 1, 26, 29, 255]) expect(recoverFrom(make(1n, 1n, v))).to.throw(SignatureRecoveryByte);
    expect(recoverFrom(make(1n, half + 1n, 27))).to.throw(SignatureMalleable);
    expect(recoverFrom(make(1n, half, 27))).to.not.throw();
    // 5 is the x of no point; 0 and the order are no scalars.
    const impossible = [make(0n, 1n, 27), make(1n, 0n, 27), make(ORDER, 1n, 28), make(5n, 1n, 27)];
    for (const signature of impossible) expect(recoverFrom(signature)).to.throw(InvalidSignature);
    // Whoever takes the generator for R and the digest for s has signed as no point.
    const generatorX = BigInt(ethers.SigningKey.computePublicKey(hex32(1n), true).replace("0x02", "0x"));
    const infinity = () => recoverAddress(hexToBytes(hex32(5n)), make(generatorX, 5n, 27));
    expect(infinity).to.throw(InvalidSignature);
  });

  it("refuse keys and digests that are none", () => {
    const digest = keccak256(Uint8Array.of(1));
    for (const key of [new Uint8Array(32), new Uint8Array(31).fill(1), hexToBytes(hex32(ORDER))]) {
      expect(() => signDigest(digest, key)).to.throw(InvalidPrivateKey);
      expect(() => addressOfKey(key)).to.throw(InvalidPrivateKey);
    }
    expect(() => signDigest(new Uint8Array(31), new Uint8Array(32).fill(1))).to.throw(InvalidField);
    expect(() => recoverAddress(new Uint8Array(33), new Uint8Array(65))).to.throw(InvalidField);
  });
});
