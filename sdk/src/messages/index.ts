export type { MessageDefinition, MessageRules, TypedField } from "./definition.js";
export type { WordType } from "./words.js";
export { attestationMessage, type Attestation } from "./attestation.js";
export { BidUnit, bidMessage, type Bid } from "./bid.js";
export { inferenceBlockMessage, type InferenceBlock } from "./inferenceBlock.js";
export { inferenceReportMessage, type InferenceReport } from "./inferenceReport.js";
export { matchMessage, type Match } from "./match.js";
export { modelPossessionMessage, type ModelPossession } from "./modelPossession.js";
export { queryMessage, type Query } from "./query.js";
export { rfcMessage, type Rfc } from "./rfc.js";
export { slashOrderMessage, type SlashOrder } from "./slashOrder.js";
export { KINDS, definitionOf, isKind, typedDataTypes } from "./kinds.js";
export type { Kind, MessageOf, Messages, Signed } from "./kinds.js";
export { DOMAIN_NAME, DOMAIN_VERSION, createDomain, domainSeparator, type Domain } from "./domain.js";
export { digestOf, hashMessage } from "./hash.js";
export { signMessage, type TypedDataSigner } from "./sign.js";
export { localSigner, type LocalSigner } from "./localSigner.js";
export {
  openMessage,
  recoverSigner,
  requireLive,
  verifyMessage,
  type Erc1271Reader,
  type Opened,
  type Recover,
} from "./verify.js";
export { MAX_SIGNATURE_BYTES, MAX_TEXT_LENGTH, parseMessage, parseValue } from "./parse.js";
export { serializeMessage, serializeValue, type JsonOf, type SignedJson } from "./serialize.js";
