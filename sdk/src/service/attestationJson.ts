import type { AttestationPost } from "../actions/postAttestation.js";
import { bytesToHex, hexToBytes, isHexBytes } from "../crypto/index.js";
import { InvalidField } from "../errors/input.js";
import { parseValue, serializeValue, type Attestation, type JsonOf } from "../messages/index.js";
import { readRecord } from "../messages/parse.js";
import type { Hex } from "../units/index.js";

/** An attestation with its quorum, as `postAttestation` takes it, in the form that survives JSON. */
export interface AttestationPostJson {
  readonly attestation: JsonOf<Attestation>;
  readonly deltas: Hex;
  readonly witness: Hex;
  readonly debits: Hex;
  readonly quorum: Hex;
}

const PARTS = ["deltas", "witness", "debits", "quorum"] as const;
/** Most bytes of one part: no transaction holds more. */
const MAX_PART_BYTES = 131_072;

/** Write an attestation with its quorum. */
export function serializeAttestationPost(post: AttestationPost): AttestationPostJson {
  const hex = (part: Uint8Array | Hex | undefined): Hex =>
    part === undefined ? "0x" : typeof part === "string" ? part : bytesToHex(part);
  return {
    attestation: serializeValue("Attestation", post.attestation),
    deltas: hex(post.deltas),
    witness: hex(post.witness),
    debits: hex(post.debits),
    quorum: hex(post.quorum),
  };
}

/** Parse unknown input as an attestation with its quorum. Nothing of it is verified: the contract does. @throws InvalidField */
export function parseAttestationPost(input: unknown): Required<AttestationPost> {
  const record = readRecord(input, "post", ["attestation", ...PARTS]);
  const [deltas, witness, debits, quorum] = PARTS.map((name) => {
    const part = record[name];
    if (typeof part !== "string" || part.length > 2 + 2 * MAX_PART_BYTES || !isHexBytes(part)) {
      throw new InvalidField(`post.${name}`, `hex of at most ${MAX_PART_BYTES} bytes`, part);
    }
    return hexToBytes(part);
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const attestation = parseValue("Attestation", record["attestation"], "post.attestation");
  return { attestation, deltas, witness, debits, quorum };
}
