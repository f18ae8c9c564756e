import type { Attestation } from "../model/verbs/attest.js";
import type { SlashOrder } from "../model/verbs/slashes.js";
import { keccak, keccakText, word } from "./bytes.js";

const DOMAIN = keccakText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const ATTESTATION = keccakText(
  "Attestation(uint64 seq,bytes32 previousRoot,bytes32 newRoot,uint64 credited,bytes32 debitsHash,uint64 firstBlock," +
    "uint64 lastBlock,bytes32 reportsRoot,bytes32 routerSet,uint64 deadline)",
);
const SLASH_ORDER = keccakText(
  "SlashOrder(bytes32 eventId,uint64 providerId,uint256 amountWei,bytes32 reasonHash,bytes32 routerSet,uint64 deadline)",
);
const POSSESSION = keccakText("ModelPossession(uint64 providerId,bytes32 modelId)");

/** The EIP-712 domain of a contract, hashed. */
export function separatorOf(chainId: bigint, contract: bigint): bigint {
  const words = [DOMAIN, keccakText("Yellowstone Compute"), keccakText("1"), chainId, contract];
  return keccak(words.map(word).join(""));
}

const digest = (separator: bigint, words: readonly (bigint | number)[]): bigint =>
  keccak(`1901${word(separator)}${word(keccak(words.map(word).join("")))}`);

/** Words of an attestation, in order. */
export const attestationWords = (a: Attestation): bigint[] => [
  a.seq,
  a.previousRoot,
  a.newRoot,
  a.credited,
  a.debitsHash,
  a.firstBlock,
  a.lastBlock,
  a.reportsRoot,
  a.routerSet,
  a.deadline,
];

/** Words of a slash order, in order. */
export const slashWords = (o: SlashOrder): bigint[] => [
  o.eventId,
  BigInt(o.providerId),
  o.amountWei,
  o.reasonHash,
  o.routerSet,
  o.deadline,
];

/** What routers sign for an attestation. */
export const attestationDigest = (separator: bigint, a: Attestation): bigint =>
  digest(separator, [ATTESTATION, ...attestationWords(a)]);

/** What routers sign for a slash. */
export const slashDigest = (separator: bigint, o: SlashOrder): bigint =>
  digest(separator, [SLASH_ORDER, ...slashWords(o)]);

/** What a provider's owner signs for a model. */
export const possessionDigest = (separator: bigint, id: number, modelId: bigint): bigint =>
  digest(separator, [POSSESSION, BigInt(id), modelId]);
