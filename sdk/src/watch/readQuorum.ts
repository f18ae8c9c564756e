import { bytesToHex } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import type { RouterSet, RouterSetEntry } from "../router/index.js";
import { address, type Address, type Hex } from "../units/index.js";

/** A quorum, taken apart: the set that signed, and each signature. */
export interface ReadQuorum {
  readonly set: RouterSet;
  readonly signatures: ReadonlyMap<Address, Hex>;
}

const HEAD_BYTES = 6;
const ROUTER_BYTES = 21;
const MASK_BYTES = 4;

/** Read a quorum as `packQuorum` writes it. The signatures are not verified. @throws InvalidField */
export function readQuorum(data: Uint8Array): ReadQuorum {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const need = (bytes: number) => {
    if (data.length < bytes) throw new InvalidField("quorum", `at least ${bytes} bytes`, data);
  };
  need(HEAD_BYTES);
  const count = view.getUint8(5);
  const maskAt = HEAD_BYTES + count * ROUTER_BYTES;
  need(maskAt + MASK_BYTES);
  const routers = Array.from({ length: count }, (_, i): RouterSetEntry => {
    const at = HEAD_BYTES + i * ROUTER_BYTES;
    const account = address(bytesToHex(data.subarray(at + 1, at + ROUTER_BYTES)));
    return { account, isContract: view.getUint8(at) === 1 };
  });
  const mask = view.getUint32(maskAt);
  const signatures = new Map<Address, Hex>();
  let at = maskAt + MASK_BYTES;
  for (const [i, { account }] of routers.entries()) {
    if (((mask >>> i) & 1) === 0) continue;
    need(at + 2);
    const end = at + 2 + view.getUint16(at);
    need(end);
    signatures.set(account, bytesToHex(data.subarray(at + 2, end)));
    at = end;
  }
  return { set: { epoch: view.getUint32(0), threshold: view.getUint8(4), routers }, signatures };
}
