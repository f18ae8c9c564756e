import { DraftStale } from "../errors/attestation.js";
import type { JournaledRouter } from "../journal/index.js";
import type { EarnedReport } from "../ledger/index.js";
import { hashMessage, type Domain, type Signed } from "../messages/index.js";
import {
  createCoSigner,
  createEquivocationWatch,
  createProposer,
  createSignedSeqs,
  type BlockEvidence,
  type BlockReview,
  type ChainView,
  type CoSigner,
  type CoSignerOptions,
  type CoSignerSnapshot,
  type EquivocationWatch,
  type EvidenceRecorder,
  type Proposal,
  type Proposer,
  type ProposerSnapshot,
  type Refusal,
} from "../quorum/index.js";
import type { RouterPolicy, RouterSet } from "../router/index.js";
import { signMessage, type TypedDataSigner } from "../messages/index.js";
import type { Address, Hash32 } from "../units/index.js";
import type { Archive } from "./archive/archive.js";

const STATE = "quorum";

/** What the quorum's part of a router is made of. */
export interface QuorumNodeOptions extends Pick<CoSignerOptions, "balanceWei" | "isOwner" | "reader" | "earlierSets"> {
  readonly signer: TypedDataSigner;
  readonly self: Address;
  readonly domain: Domain;
  readonly emissionStart: bigint;
  readonly set: RouterSet;
  readonly policy: RouterPolicy;
  readonly router: JournaledRouter;
  readonly recorder: EvidenceRecorder;
  readonly archive: Archive;
  readonly bidGraceSeconds?: bigint;
}

/** Everything that is saved of both halves. */
interface SavedState {
  readonly coSigner: CoSignerSnapshot;
  readonly proposer: ProposerSnapshot;
  readonly acceptedSeq: bigint;
}

/**
 * A router among others, kept in an archive: what it makes of everyone's blocks, and which attestations were accepted. All
 * changes come one after the other; each is in the archive before the next.
 */
export class QuorumNode {
  readonly coSigner: CoSigner;
  readonly proposer: Proposer;
  readonly watch: EquivocationWatch;
  readonly #options: QuorumNodeOptions;
  #acceptedSeq: bigint;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: QuorumNodeOptions, coSigner: CoSigner, watch: EquivocationWatch, saved?: SavedState) {
    this.#options = options;
    this.coSigner = coSigner;
    this.watch = watch;
    this.#acceptedSeq = saved?.acceptedSeq ?? 0n;
    const { set, policy } = options;
    this.proposer = createProposer({ set, policy, ...(saved === undefined ? {} : { from: saved.proposer }) });
  }

  /** Open the node where the archive left it. @throws ArchiveInvalid, and what its acts throw when they do not hold */
  static async open(options: QuorumNodeOptions): Promise<QuorumNode> {
    const { archive, domain, policy, router } = options;
    const kept = archive.states.load(STATE);
    const saved = kept?.value as SavedState | undefined;
    const { attestationSeconds } = policy;
    const watch = createEquivocationWatch(archive.equivocations, { domain, attestationSeconds });
    let isReplaying = true;
    const coSigner = await createCoSigner({
      ...options,
      signedSeqs: createSignedSeqs(router.signedSeqs(), domain),
      watch,
      // What was found to hold once is not looked up again: owners change, and old days are forgotten.
      balanceWei: (user, day) => (isReplaying ? Promise.resolve(1n << 200n) : options.balanceWei(user, day)),
      isOwner: (...bid) => (isReplaying ? Promise.resolve(true) : options.isOwner(...bid)),
      ...(saved === undefined ? {} : { from: saved.coSigner }),
    });
    const node = new QuorumNode(options, coSigner, watch, saved);
    for (const act of archive.actsAfter(Number(kept?.tag ?? 0))) {
      if (act.kind === "block") await node.#review(archive.evidenceOf(act.router, act.height));
      else if (act.kind === "vetoed") node.#revert(act.seq);
      else {
        const known = archive.proposals(act.seq).find(({ digest }) => digest === act.digest);
        if (known === undefined) throw new DraftStale(act.seq, "its proposal is not in the archive");
        node.#pay(known.proposal);
      }
    }
    isReplaying = false;
    await node.#signAgain();
    return node;
  }

  /** Seq of the last attestation that was accepted on chain and is known here. */
  get acceptedSeq(): bigint {
    return this.#acceptedSeq;
  }

  /** Review this router's own closed blocks and publish those that hold. @returns reviews with findings: a fault here */
  publish(atMs: bigint): Promise<BlockReview[]> {
    return this.#inTurn(async () => {
      const { archive, recorder, self } = this.#options;
      const faults: BlockReview[] = [];
      for (const evidence of recorder.take()) {
        if (evidence.block.value.height <= archive.lastHeight(self)) continue;
        const review = await this.#take(evidence, atMs);
        if (review !== undefined && review.findings.length > 0) faults.push(review);
      }
      return faults;
    });
  }

  /** Review a block of another router, and keep it when it holds. @throws as `CoSigner.takeBlock` */
  take(evidence: BlockEvidence, atMs: bigint): Promise<BlockReview | undefined> {
    return this.#inTurn(() => this.#take(evidence, atMs));
  }

  /** Sign a proposal that holds, and keep it: bound to it, this router may have to see it through. */
  async coSign(proposal: Proposal, view: ChainView): Promise<Signed<"Attestation"> | Refusal> {
    const answer = await this.#inTurn(() => this.coSigner.coSign(proposal, view));
    if (!("status" in answer)) this.#options.archive.addProposal(proposal, this.digestOf(proposal));
    return answer;
  }

  /** The proposal that this router has signed under a seq, if any. */
  async boundTo(seq: bigint): Promise<Proposal | undefined> {
    const { router, archive } = this.#options;
    const signed = await router.signedSeqs().load(seq);
    return archive.proposals(seq).find(({ digest }) => digest === signed?.digest)?.proposal;
  }

  /** Take a proposal as accepted on chain. @throws DraftStale when the blocks it pays are not all here */
  accepted(proposal: Proposal): Promise<void> {
    return this.#inTurn(() => {
      const paid = this.#pay(proposal);
      this.#options.archive.accepted(proposal, this.digestOf(proposal), paid);
      this.watch.forgetBefore(proposal.attestation.firstBlock, proposal.attestation.seq);
    });
  }

  /** Take an accepted attestation and all after it as vetoed. @throws VetoUnknown */
  vetoed(seq: bigint): Promise<void> {
    return this.#inTurn(() => {
      this.#revert(seq);
      this.#options.archive.vetoed(seq);
    });
  }

  /** Keep everything in one piece, so that the next start does nothing again, and forget what is over. */
  save(retainFromMs: bigint): Promise<void> {
    return this.#inTurn(() => {
      const { archive } = this.#options;
      const state: SavedState = {
        coSigner: this.coSigner.snapshot(),
        proposer: this.proposer.snapshot(),
        acceptedSeq: this.#acceptedSeq,
      };
      const through = archive.lastAct();
      archive.states.save(STATE, String(through), state, "instead");
      archive.prune(retainFromMs, through);
    });
  }

  digestOf({ attestation }: Proposal): Hash32 {
    return hashMessage("Attestation", attestation, this.#options.domain);
  }

  async #take(evidence: BlockEvidence, atMs: bigint): Promise<BlockReview | undefined> {
    const review = await this.#review(evidence);
    if (review === undefined || review.findings.length > 0) return review;
    this.#options.archive.addBlock(evidence, review, atMs);
    return review;
  }

  async #review(evidence: BlockEvidence): Promise<BlockReview | undefined> {
    const review = await this.coSigner.takeBlock(evidence);
    if (review === undefined || review.findings.length > 0) return review;
    const { hash, reports } = review;
    this.proposer.take({ signed: evidence.block, hash, reports });
    return review;
  }

  #pay(proposal: Proposal): EarnedReport[] {
    this.coSigner.accepted(proposal);
    const paid = this.proposer.accepted(proposal);
    this.#options.router.paid(paid);
    this.#acceptedSeq = proposal.attestation.seq;
    return paid;
  }

  #revert(seq: bigint): void {
    const { router, archive, self } = this.#options;
    this.coSigner.vetoed(seq);
    const reports = this.proposer.vetoed(seq);
    router.unpaid(reports.filter(({ reportHash }) => archive.placeOf(reportHash)?.router === self));
  }

  /** Sign the matches whose signature went with the process before: their users may have them. */
  async #signAgain(): Promise<void> {
    const { recorder, signer, domain } = this.#options;
    for (const { matchHash, value } of recorder.unsigned()) {
      recorder.observer({ kind: "signed", matchHash, match: await signMessage(signer, "Match", value, domain) });
    }
  }

  #inTurn<T>(act: () => T | Promise<T>): Promise<T> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
