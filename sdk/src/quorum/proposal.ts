import { InvalidField } from "../errors/input.js";
import { MAX_DEBITS, type Debit } from "../ledger/index.js";
import { parseValue, serializeValue, type Attestation } from "../messages/index.js";
import { parseAddress } from "../crypto/index.js";
import { readRecord } from "../messages/parse.js";
import type { JsonOf } from "../messages/serialize.js";
import { MAX_ROUTERS } from "../router/index.js";
import { providerId, uMor, type Address, type Hash32 } from "../units/index.js";
import { readHash, readList, readUint } from "./evidenceCodec.js";

/** The last block of a router whose reports a proposal knows. */
export interface Through {
  readonly router: Address;
  readonly height: bigint;
  readonly hash: Hash32;
}

/**
 * An attestation before its signatures, and what a co-signer needs to make it again: everything else it has from the
 * evidence of the blocks.
 */
export interface Proposal {
  readonly attestation: Attestation;
  /** One entry for each router with blocks in it; a router left out has none. */
  readonly through: readonly Through[];
  /** This many waiting reports are paid, oldest first. */
  readonly paidCount: number;
  readonly debits: readonly Debit[];
}

/** A proposal as JSON carries it: bigints as decimal strings. */
export interface ProposalJson {
  readonly attestation: JsonOf<Attestation>;
  readonly through: readonly JsonOf<Through>[];
  readonly paidCount: number;
  readonly debits: readonly JsonOf<Debit>[];
}

/** Write a proposal in the form that survives JSON and that `parseProposal` reads back. */
export function serializeProposal({ attestation, through, paidCount, debits }: Proposal): ProposalJson {
  return {
    attestation: serializeValue("Attestation", attestation),
    through: through.map(({ router, height, hash }) => ({ router, height: height.toString(), hash })),
    paidCount,
    debits: debits.map(({ providerId: id, amountUMor, reasonHash }) => ({
      providerId: id.toString(),
      amountUMor: amountUMor.toString(),
      reasonHash,
    })),
  };
}

/** Parse unknown input as a proposal. @throws InvalidField with the path of the first field that is not of its type */
export function parseProposal(input: unknown): Proposal {
  const record = readRecord(input, "proposal", ["attestation", "through", "paidCount", "debits"]);
  const { paidCount } = record;
  if (typeof paidCount !== "number" || !Number.isSafeInteger(paidCount) || paidCount < 0) {
    throw new InvalidField("proposal.paidCount", "a whole number", paidCount);
  }
  return {
    attestation: parseValue("Attestation", record["attestation"], "proposal.attestation"),
    through: readList(record["through"], "proposal.through", MAX_ROUTERS).map(parseThrough),
    paidCount,
    debits: readList(record["debits"], "proposal.debits", MAX_DEBITS).map(parseDebit),
  };
}

function parseThrough(input: unknown, index: number): Through {
  const path = `proposal.through[${index}]`;
  const { router, height, hash } = readRecord(input, path, ["router", "height", "hash"]);
  const account = parseAddress(router);
  if (account === undefined) throw new InvalidField(`${path}.router`, "an address", router);
  return { router: account, height: readUint(height, 64, `${path}.height`), hash: readHash(hash, `${path}.hash`) };
}

function parseDebit(input: unknown, index: number): Debit {
  const path = `proposal.debits[${index}]`;
  const record = readRecord(input, path, ["providerId", "amountUMor", "reasonHash"]);
  return {
    providerId: providerId(readUint(record["providerId"], 64, `${path}.providerId`)),
    amountUMor: uMor(readUint(record["amountUMor"], 64, `${path}.amountUMor`)),
    reasonHash: readHash(record["reasonHash"], `${path}.reasonHash`),
  };
}
