import { concatBytes, keccak256 } from "../crypto/index.js";
import { JournalDamaged, JournalForeign, JournalVersionUnknown } from "../errors/journal.js";
import type { Address } from "../units/index.js";
import { ByteReader, ByteWriter } from "./bytes.js";

/** Whose journal it is: nobody else's is opened. */
export interface JournalIdentity {
  readonly chainId: bigint;
  readonly contract: Address;
  readonly router: Address;
  /** Zero of blocks and days, in Unix seconds. */
  readonly emissionStart: bigint;
}

/** Format of the journal that this version writes and reads. */
export const JOURNAL_FORMAT = 1;

const MAGIC = new TextEncoder().encode("yellowstone router journal\n");
const CHECKSUM_BYTES = 32;

/** Write the header: magic, format, identity, and keccak256 of all that. */
export function writeHeader(identity: JournalIdentity): Uint8Array {
  const out = new ByteWriter();
  out.bytes(MAGIC);
  out.byte(JOURNAL_FORMAT);
  out.uint(identity.chainId);
  out.fixed(identity.contract, 20);
  out.fixed(identity.router, 20);
  out.uint(identity.emissionStart);
  return seal(out.take());
}

/** Refuse a header that is damaged, of another format, or another's. @throws JournalDamaged, JournalVersionUnknown, JournalForeign */
export function requireHeader(header: Uint8Array, expected: JournalIdentity): void {
  const from = new ByteReader(unseal(header, 0, "the header"), 0);
  if (new TextDecoder().decode(from.bytes()) !== new TextDecoder().decode(MAGIC)) {
    throw from.damaged("not a journal of a router");
  }
  const format = from.byte();
  if (format !== JOURNAL_FORMAT) throw new JournalVersionUnknown(JOURNAL_FORMAT, format);
  const actual = {
    chainId: from.uint(),
    contract: from.address(),
    router: from.address(),
    emissionStart: from.uint(),
  } satisfies JournalIdentity;
  for (const field of ["chainId", "contract", "router", "emissionStart"] as const) {
    const [wanted, found] = [String(expected[field]), String(actual[field])];
    if (wanted !== found) throw new JournalForeign(field, wanted, found);
  }
}

/** Put keccak256 of `bound` and the body behind the body. */
export function seal(body: Uint8Array, bound: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concatBytes(body, keccak256(concatBytes(bound, body)));
}

/** Take the body out of what `seal` gave. @throws JournalDamaged */
export function unseal(sealed: Uint8Array, position: number, name: string, bound?: Uint8Array): Uint8Array {
  const body = sealed.subarray(0, Math.max(0, sealed.length - CHECKSUM_BYTES));
  if (!sameBytes(seal(body, bound), sealed)) throw new JournalDamaged(position, `${name} does not match its checksum`);
  return body;
}

/** Tell whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
