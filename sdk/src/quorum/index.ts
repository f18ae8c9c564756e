export { MAX_STEPS, type BlockEvidence, type MatchEvidence, type Step } from "./evidence.js";
export {
  parseEvidence,
  serializeEvidence,
  type BlockEvidenceJson,
  type MatchJson,
  type StepJson,
} from "./evidenceCodec.js";
export { createEvidenceRecorder, type EvidenceRecorder, type RecorderSnapshot } from "./recorder.js";
export { MAX_FINDINGS, describeFinding, type Finding, type Refusal } from "./findings.js";
export { openEvidence, type OpenedBlock, type OpenedStep, type ReviewSources } from "./opened.js";
export { createReplica, type KnownBid, type Replica } from "./replica.js";
export { reviewBlock, type BlockReview } from "./reviewBlock.js";
export type { JudgedReport } from "./reviewSteps.js";
export type { EarlierSet, ReviewRules } from "./rules.js";
export {
  addBlock,
  createLine,
  payReports,
  unpayReports,
  type Line,
  type PaidReports,
  type ReviewedBlock,
} from "./line.js";
export { parseProposal, serializeProposal, type Proposal, type ProposalJson, type Through } from "./proposal.js";
export { reviewProposal, type ChainView, type ProposalReview, type ProposalRules } from "./reviewProposal.js";
export { createCoSigner, type CoSigner, type CoSignerOptions, type CoSignerSnapshot } from "./coSigner.js";
export { createProposer, type ProposalInput, type Proposer, type ProposerOptions } from "./proposer.js";
export type { ProposerSnapshot } from "./proposerSnapshot.js";
export { createSignedSeqs, memorySignedSeqs, type SignedSeqs, type SignedSeqStore } from "./signedSeqs.js";
export {
  createEquivocationWatch,
  findEquivocation,
  memoryEvidence,
  verifyEvidence,
  type Equivocation,
  type EquivocationRules,
  type EquivocationWatch,
  type EvidenceStore,
  type SoleMessage,
} from "./equivocation.js";
export { memoryNetwork, type Announcement, type MemoryNetwork, type QuorumPeer, type Transport } from "./transport.js";
export { collectSignatures, type CollectOptions, type CollectedAttestation } from "./collect.js";
export { syncBlocks, type ReviewedEvidence } from "./sync.js";
export { proposerOf } from "./turn.js";
