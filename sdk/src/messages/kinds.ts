import { InvalidField } from "../errors/input.js";
import type { Address, Hex } from "../units/brands.js";
import { attestationMessage, type Attestation } from "./attestation.js";
import { bidMessage, type Bid } from "./bid.js";
import type { MessageDefinition, TypedField } from "./definition.js";
import { inferenceBlockMessage, type InferenceBlock } from "./inferenceBlock.js";
import { inferenceReportMessage, type InferenceReport } from "./inferenceReport.js";
import { matchMessage, type Match } from "./match.js";
import { modelPossessionMessage, type ModelPossession } from "./modelPossession.js";
import { queryMessage, type Query } from "./query.js";
import { rfcMessage, type Rfc } from "./rfc.js";
import { slashOrderMessage, type SlashOrder } from "./slashOrder.js";

/** Every message by its kind. A new message is one file and one line here and in `definitions`. */
export interface Messages {
  Rfc: Rfc;
  Bid: Bid;
  ModelPossession: ModelPossession;
  Match: Match;
  Query: Query;
  InferenceReport: InferenceReport;
  InferenceBlock: InferenceBlock;
  Attestation: Attestation;
  SlashOrder: SlashOrder;
}

/** Name of a message: also its EIP-712 primary type. */
export type Kind = keyof Messages;
/** Value of a message of kind `K`. */
export type MessageOf<K extends Kind> = Messages[K];

/** A message with its signature. */
export interface Signed<K extends Kind> {
  readonly kind: K;
  readonly value: MessageOf<K>;
  /** Who claims to have signed. Believe it only after `verifyMessage`. */
  readonly signer: Address;
  /** r, s, v in 65 bytes; any length when the signer is a contract wallet. */
  readonly signature: Hex;
}

const definitions: { readonly [K in Kind]: MessageDefinition<Messages[K]> } = Object.freeze({
  Rfc: rfcMessage,
  Bid: bidMessage,
  ModelPossession: modelPossessionMessage,
  Match: matchMessage,
  Query: queryMessage,
  InferenceReport: inferenceReportMessage,
  InferenceBlock: inferenceBlockMessage,
  Attestation: attestationMessage,
  SlashOrder: slashOrderMessage,
});

/** Every kind, in the order of the path from request to slash. */
export const KINDS = Object.freeze(Object.keys(definitions) as Kind[]);

/** Tell whether a value names a kind of message. */
export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(definitions, value);
}

/** Description of a kind of message. @throws InvalidField when there is no such kind. */
export function definitionOf<K extends Kind>(kind: K): MessageDefinition<Messages[K]> {
  if (!isKind(kind)) throw new InvalidField("kind", `one of ${KINDS.join(", ")}`, kind);
  return definitions[kind];
}

/** The `types` argument of `signTypedData` for each kind: its own fields under its own name. */
export const typedDataTypes = Object.freeze(
  Object.fromEntries(KINDS.map((kind) => [kind, Object.freeze({ [kind]: [...definitions[kind].fields] })])),
) as { readonly [K in Kind]: { readonly [P in K]: TypedField[] } };
