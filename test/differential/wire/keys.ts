import { addressOfKey, signDigest } from "@yellowstone-compute/sdk/crypto";
import { hex, keccak, keccakText, sizeOf, word } from "./bytes.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const GAS_LIMIT = 16_000_000n;

/** A key with its address. */
export interface Key {
  readonly secret: Uint8Array;
  readonly address: bigint;
}

/** The key of a name: the same one in every run. */
export function keyOf(name: string): Key {
  const secret = Buffer.from(word(keccakText(`differential ${name}`)), "hex");
  return { secret, address: BigInt(addressOfKey(secret)) };
}

/** r, s, v of a digest, in 65 bytes. */
export function sign(key: Key, digest: bigint): string {
  return Buffer.from(signDigest(Buffer.from(word(digest), "hex"), key.secret)).toString("hex");
}

/** The other signature of the same key over the same digest: s in the upper half. */
export function malleate(signature: string): string {
  const s = ORDER - BigInt(`0x${signature.slice(64, 128)}`);
  return signature.slice(0, 64) + word(s) + (signature.endsWith("1b") ? "1c" : "1b");
}

/** A legacy transaction without fee, signed for `chainId` (EIP-155): hex without prefix. */
export function transaction(
  key: Key,
  { chainId, nonce, to, data }: { chainId: bigint; nonce: bigint; to?: bigint | undefined; data: string },
): string {
  const fields = [rlpNumber(nonce), "80", rlpNumber(GAS_LIMIT), to === undefined ? "80" : `94${hex(to, 20)}`, "80"];
  const body = fields.join("") + rlpBytes(data);
  const signature = sign(key, keccak(rlpList(`${body + rlpNumber(chainId)}8080`)));
  const v = chainId * 2n + 35n + BigInt(`0x${signature.slice(128)}`) - 27n;
  const [r, s] = [signature.slice(0, 64), signature.slice(64, 128)].map((each) => BigInt(`0x${each}`));
  return rlpList(body + rlpNumber(v) + rlpNumber(r!) + rlpNumber(s!));
}

function rlpNumber(value: bigint): string {
  if (value === 0n) return "80";
  const text = value.toString(16);
  return rlpBytes(text.length % 2 === 0 ? text : `0${text}`);
}

function rlpBytes(text: string): string {
  if (text.length === 2 && text < "80") return text;
  return rlpHead(sizeOf(text), 0x80) + text;
}

const rlpList = (body: string): string => rlpHead(sizeOf(body), 0xc0) + body;

function rlpHead(size: number, base: number): string {
  if (size < 56) return hex(base + size, 1);
  const length = size.toString(16);
  const even = length.length % 2 === 0 ? length : `0${length}`;
  return hex(base + 55 + even.length / 2, 1) + even;
}
