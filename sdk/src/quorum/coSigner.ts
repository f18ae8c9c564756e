import { RouterNotReviewed } from "../errors/quorum.js";
import { SignerMismatch } from "../errors/signature.js";
import { DraftStale } from "../errors/attestation.js";
import type { Debit } from "../ledger/index.js";
import { openMessage, signMessage, type Signed, type TypedDataSigner } from "../messages/index.js";
import { routerSetDigest, type RouterPolicy, type RouterSet } from "../router/index.js";
import { address, unixMillis, unixSeconds, type Address, type Hash32 } from "../units/index.js";
import type { EquivocationWatch } from "./equivocation.js";
import type { BlockEvidence } from "./evidence.js";
import type { Refusal } from "./findings.js";
import { addBlock, createLine, lanesAfter, payReports, unpayReports, waitingReports, type Line } from "./line.js";
import { openEvidence, type ReviewSources } from "./opened.js";
import { OwnBids, type NotedBid } from "./ownBids.js";
import type { Proposal } from "./proposal.js";
import { createReplica, type Replica } from "./replica.js";
import { reviewBlock, type BlockReview } from "./reviewBlock.js";
import { reviewProposal, type ChainView, type ProposalRules } from "./reviewProposal.js";
import type { EarlierSet, ReviewRules } from "./rules.js";
import type { SignedSeqs } from "./signedSeqs.js";
import { ledgerRoot } from "./sums.js";

/** What a co-signer is made of. */
export interface CoSignerOptions extends ReviewSources {
  readonly signer: TypedDataSigner;
  readonly set: RouterSet;
  /** The same as every other router's, or there will be findings. */
  readonly policy: RouterPolicy;
  readonly signedSeqs: SignedSeqs;
  /** Sees every block and attestation whose signature holds. */
  readonly watch?: EquivocationWatch;
  /** Lifetime credits to begin with, exact in wei, by provider id; none when left out. All routers must begin alike. */
  readonly attestedWei?: Iterable<readonly [bigint, bigint]>;
  /** Where an earlier co-signer of this router stood; `attestedWei` is in it then. */
  readonly from?: CoSignerSnapshot;
  /** Debits the operator has approved; none when left out. */
  readonly approvesDebit?: (debit: Debit) => boolean;
  /** Sets that were in force before this one: their users' homes are held against nobody for a while. */
  readonly earlierSets?: readonly EarlierSet[];
  /** A bid this router has known for as long may not be passed over by another one that does not know it; 60. */
  readonly bidGraceSeconds?: bigint;
}

/**
 * What a co-signer knows of the others, as plain maps, sets, bigints and texts: `structuredClone` and `v8.serialize` carry
 * it. Without it a co-signer that comes back reviews every block anew.
 */
export interface CoSignerSnapshot {
  readonly replicas: readonly Replica[];
  readonly line: Line;
  /** Bids it heard itself, by model and provider. */
  readonly bids: ReadonlyMap<string, ReadonlyMap<bigint, NotedBid>>;
}

/**
 * Does the work of other routers again before it signs for it (design.md section 13). It trusts signatures, the chain,
 * its own balances and its own clock. Give it the blocks of every router, its own too: a fault of its own router shows here first.
 */
export interface CoSigner {
  readonly address: Address;
  /**
   * Review the next block of a router. One that does not hold changes nothing: the router stays at the block before
   * until it shows evidence that holds. @returns undefined for a block at or before the last one that held
   * @throws RouterNotReviewed, the errors of the sources
   */
  takeBlock(evidence: BlockEvidence): Promise<BlockReview | undefined>;
  /** Height of a router's last block that held: -1 before the first. @throws RouterNotReviewed */
  heightOf(router: Address): bigint;
  /** Note a bid this router knows, taken at a moment in Unix milliseconds. @throws SignerMismatch, the errors of `verifyMessage` */
  noteBid(bid: Signed<"Bid">, atMs: bigint): Promise<Hash32>;
  /** Sign a proposal that is equal to what this router makes of it itself, or say what is wrong. @throws SeqAlreadySigned */
  coSign(proposal: Proposal, view: ChainView): Promise<Signed<"Attestation"> | Refusal>;
  /** Take a proposal as accepted on chain, whoever made it. @throws DraftStale */
  accepted(proposal: Proposal): void;
  /** Take accepted attestation `seq` and all after it back. @throws VetoUnknown */
  vetoed(seq: bigint): void;
  /** A copy of all it knows. */
  snapshot(): CoSignerSnapshot;
}

/** Create a co-signer. @throws RouterNotReviewed when the signer is not in the set; the errors of `packRouterSet` */
export async function createCoSigner(options: CoSignerOptions): Promise<CoSigner> {
  const self = address(await options.signer.getAddress(), "signer");
  if (!accountsOf(options.set).includes(self)) throw new RouterNotReviewed(self);
  return new ReviewingCoSigner(options, self);
}

function accountsOf({ routers }: RouterSet): Address[] {
  return routers.map(({ account }) => address(account));
}

class ReviewingCoSigner implements CoSigner {
  readonly #options: CoSignerOptions;
  readonly #rules: ReviewRules & ProposalRules;
  readonly #line: Line;
  readonly #replicas: Map<Address, Replica>;
  readonly #bids: OwnBids;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    options: CoSignerOptions,
    readonly address: Address,
  ) {
    const { set, policy, emissionStart, attestedWei, from, earlierSets = [], approvesDebit = () => false } = options;
    const routers = accountsOf(set);
    this.#options = options;
    const known = from === undefined ? undefined : structuredClone(from);
    this.#line = known?.line ?? createLine(attestedWei);
    this.#replicas = new Map(
      routers.map((router) => [router, known?.replicas.find((one) => one.router === router) ?? createReplica(router)]),
    );
    this.#bids = new OwnBids((options.bidGraceSeconds ?? 60n) * 1_000n, known?.bids);
    this.#rules = {
      policy,
      routers,
      earlierSets,
      emissionStart,
      ownBids: (modelId, atMs) => this.#bids.knownAt(modelId, atMs),
      routerSet: routerSetDigest(set),
      attestationSeconds: policy.attestationSeconds,
      clockSkewMs: policy.clockSkewMs,
      approvesDebit,
    };
  }

  takeBlock(evidence: BlockEvidence): Promise<BlockReview | undefined> {
    const next = this.#last.then(() => this.#takeBlock(evidence));
    this.#last = next.catch(() => undefined);
    return next;
  }

  heightOf(router: Address): bigint {
    return this.#replicaOf(router).lastHeight;
  }

  async noteBid(bid: Signed<"Bid">, atMs: bigint): Promise<Hash32> {
    const { domain, reader, isOwner } = this.#options;
    const { hash, signer } = await openMessage(bid, domain, unixSeconds(atMs / 1_000n), reader);
    if (!(await isOwner(bid.value.providerId, signer, unixMillis(atMs)))) {
      throw new SignerMismatch(`the owner of provider ${bid.value.providerId}`, signer);
    }
    this.#bids.note({ bid: bid.value, bidHash: hash }, atMs);
    return hash;
  }

  async coSign(proposal: Proposal, view: ChainView): Promise<Signed<"Attestation"> | Refusal> {
    const { attestation } = proposal;
    const { findings } = reviewProposal(this.#line, proposal, view, this.#rules);
    if (findings.length > 0) return { status: "refused", seq: attestation.seq, findings };
    const { signer, domain, signedSeqs, watch } = this.#options;
    await signedSeqs.claim(attestation, view.chainAt);
    const signed = await signMessage(signer, "Attestation", attestation, domain);
    await watch?.see(signed);
    return signed;
  }

  accepted({ attestation, through, paidCount }: Proposal): void {
    const { seq, lastBlock, previousRoot, newRoot } = attestation;
    const reports = waitingReports(this.#line, through).slice(0, paidCount);
    if (ledgerRoot(lanesAfter(this.#line, [])) !== previousRoot) throw new DraftStale(seq, "built on another root");
    if (ledgerRoot(lanesAfter(this.#line, reports)) !== newRoot) {
      throw new DraftStale(seq, "it pays other reports than the blocks here hold");
    }
    payReports(this.#line, { seq, lastBlock, reports });
  }

  vetoed(seq: bigint): void {
    unpayReports(this.#line, seq);
  }

  snapshot(): CoSignerSnapshot {
    return structuredClone({ replicas: [...this.#replicas.values()], line: this.#line, bids: this.#bids.models });
  }

  async #takeBlock(evidence: BlockEvidence): Promise<BlockReview | undefined> {
    const { router } = evidence.block.value;
    const opened = await openEvidence(evidence, this.#options);
    const replica = this.#replicaOf(router);
    if (opened.isSigned) await this.#options.watch?.see(evidence.block);
    if (opened.hash === replica.lastHash || opened.value.height < replica.lastHeight) return undefined;
    const review = reviewBlock(replica, opened, this.#rules);
    if (review.findings.length > 0) return review;
    this.#replicas.set(router, review.after);
    const { height, hash, reports } = review;
    addBlock(this.#line, { router, height, hash, reports });
    return review;
  }

  #replicaOf(router: Address): Replica {
    const replica = this.#replicas.get(router);
    if (replica === undefined) throw new RouterNotReviewed(router);
    return replica;
  }
}
